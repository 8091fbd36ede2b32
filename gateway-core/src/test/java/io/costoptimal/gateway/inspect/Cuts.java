package io.costoptimal.gateway.inspect;

import io.costoptimal.gateway.exchange.RequestFacts;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Gives one document to a scanner in pieces, and says what came of it. */
final class Cuts {

    /** What a scanner says: a fault, or facts. */
    record Verdict(JsonFault fault, RequestFacts facts) {

        boolean accepted() {
            return fault == null;
        }
    }

    private final JsonScanner scanner;

    Cuts(int maxDepth) {
        scanner = new JsonScanner(maxDepth);
    }

    Verdict whole(byte[] document) {
        return at(Unpooled.wrappedBuffer(document));
    }

    /** The verdict of a scanner that does not look at what of the document is no text. */
    Verdict withoutContent(byte[] document) {
        scanner.reset(false);
        scanner.scan(Unpooled.wrappedBuffer(document));
        boolean accepted = scanner.end();
        return new Verdict(scanner.fault(), accepted ? scanner.facts() : null);
    }

    /** Cuts {@code document} at each of {@code offsets}, which ascend. */
    Verdict at(ByteBuf document, int... offsets) {
        scanner.reset(true);
        int length = document.writerIndex();
        boolean goesOn = true;
        int from = 0;
        for (int i = 0; i <= offsets.length && goesOn; i++) {
            int to = i == offsets.length ? length : offsets[i];
            document.setIndex(from, to);
            goesOn = scanner.scan(document);
            if (document.readerIndex() != from) {
                throw new AssertionError("the scanner moved the reader index");
            }
            from = to;
        }
        document.setIndex(0, length);
        boolean accepted = scanner.end();
        return new Verdict(scanner.fault(), accepted ? scanner.facts() : null);
    }

    /** Throws unless every cut into two pieces, and the cut into single bytes, is judged like the whole. */
    Verdict everywhere(byte[] document) {
        return every(document, 1);
    }

    /** Like {@link #everywhere}, at each {@code step}th offset. */
    Verdict every(byte[] document, int step) {
        ByteBuf bytes = Unpooled.wrappedBuffer(document);
        Verdict whole = at(bytes);
        for (int cut = 0; cut <= document.length; cut += step) {
            same(whole, at(bytes, cut), document, "cut at " + cut);
        }
        int[] each = new int[document.length];
        for (int i = 0; i < each.length; i++) {
            each[i] = i;
        }
        same(whole, at(bytes, each), document, "byte by byte");
        return whole;
    }

    private static void same(Verdict whole, Verdict cut, byte[] document, String how) {
        if (!whole.equals(cut)) {
            throw new AssertionError(
                    how + ": " + cut + ", whole: " + whole + ", document: " + Documents.show(document));
        }
    }
}
