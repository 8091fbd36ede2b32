package io.costoptimal.gateway.inspect;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.costoptimal.gateway.exchange.RequestFacts.ModelField;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Gives one form to a scanner in pieces, and says what came of it. */
final class FormCuts {

    static final String BOUNDARY = "B0";

    /** What a scanner says: a fault, or the model. */
    record Verdict(String fault, ModelField model) {

        boolean accepted() {
            return fault == null;
        }
    }

    private FormCuts() {}

    /** The verdict on the form as a whole; throws unless every cut into two pieces, and single bytes, are judged alike. */
    static Verdict everywhere(String latin1) {
        ByteBuf form = Unpooled.wrappedBuffer(latin1.getBytes(ISO_8859_1));
        int length = form.writerIndex();
        Verdict whole = at(form);
        for (int cut = 0; cut <= length; cut++) {
            same(whole, at(form, cut), latin1, "cut at " + cut);
        }
        int[] each = new int[length];
        for (int i = 0; i < length; i++) {
            each[i] = i;
        }
        same(whole, at(form, each), latin1, "byte by byte");
        return whole;
    }

    static Verdict at(ByteBuf form, int... offsets) {
        FormScanner scanner = new FormScanner(BOUNDARY, new FormScanner.Wanted(true, true, Long.MAX_VALUE));
        int length = form.writerIndex();
        int from = 0;
        for (int i = 0; i <= offsets.length && scanner.fault() == null; i++) {
            int to = i == offsets.length ? length : offsets[i];
            scanner.scan(form.slice(from, to - from));
            from = to;
        }
        boolean accepted = scanner.end();
        ModelField model = scanner.model() == null ? scanner.missing() : scanner.model();
        return new Verdict(scanner.fault(), accepted ? model : null);
    }

    private static void same(Verdict whole, Verdict cut, String form, String how) {
        if (!whole.equals(cut)) {
            throw new AssertionError(how + ": " + cut + ", whole: " + whole + ", form: " + form);
        }
    }
}
