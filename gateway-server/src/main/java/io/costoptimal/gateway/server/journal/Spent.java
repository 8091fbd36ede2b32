package io.costoptimal.gateway.server.journal;

import io.costoptimal.gateway.exchange.Accounted;
import java.nio.charset.StandardCharsets;

/**
 * What one attempt has used and cost, as far as the tokens do not tell. Money is nano-dollars, -1 where it is not known.
 *
 * @param startedNanos from the start of the exchange to the start of the attempt
 * @param modelSent the model as the provider was asked for it, cut at {@link Text#MAX_CHARS}; {@code null} when the request
 *     names none, and when no reader wants texts
 * @param source where the token figures come from
 * @param raw the provider's usage object as it was sent; {@code null} when there is none, and when no reader wants texts
 * @param bill what it cost
 */
public record Spent(long startedNanos, String modelSent, Accounted.Source source, String raw, Bill bill) {

    private static final Accounted.Source[] SOURCES = Accounted.Source.values();

    /**
     * What an attempt cost.
     *
     * @param version which price it is computed by; {@code null} when there was none
     * @param cost -1 when there was no price
     * @param partial whether something was used that the price does not cover
     * @param possible what an attempt without an answer may have cost; -1 when it cannot have cost anything, and when
     *     nothing bounds it
     * @param others what the same tokens cost elsewhere
     */
    public record Bill(Name version, long cost, boolean partial, long possible, Others others) {}

    /**
     * What the tokens of an attempt cost at other candidates.
     *
     * @param firstChoice at the first one in the order of the configuration; -1 when it has no price
     * @param dearest at the dearest one; -1 when none has a price
     */
    public record Others(long firstChoice, long dearest) {}

    /** Reads what {@link SpentWriter} has written. */
    static Spent read(EntryInput in, boolean texts, Text view) {
        long started = in.getLong();
        Accounted.Source source = SOURCES[in.getByte()];
        Name version = in.getName();
        boolean partial = in.getByte() != 0;
        Bill bill = new Bill(version, in.getLong(), partial, in.getLong(), new Others(in.getLong(), in.getLong()));
        String model = null;
        String raw = null;
        if (texts) {
            Text sent = view.read(in);
            model = sent == null ? null : sent.toString();
            raw = raw(in);
        }
        return new Spent(started, model, source, raw, bill);
    }

    private static String raw(EntryInput in) {
        int length = in.getShort();
        return length < 0 ? null : new String(in.bytes(), in.skip(length), length, StandardCharsets.UTF_8);
    }
}
