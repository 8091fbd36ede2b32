package io.costoptimal.gateway.account;

import io.costoptimal.gateway.exchange.Usage;

/**
 * The usage objects of an answer, one after the other, and what they say together. Confined to the event loop of its exchange.
 *
 * <p>Of several in one document the last counts, as of any JSON member; those of several documents are merged
 * ({@link TokenFigures#add}). One without a figure is none.
 */
final class ToldUsage {

    /** {@code null} when nobody wants to see the objects as they were written. */
    private final RawUsage raw;
    /** Of the object that is read; {@code null} before the first. */
    private TokenFigures pending;
    /** Of the last object of this document; {@code null} before the first. */
    private TokenFigures current;
    /** Of all documents before this one; {@code null} before the first with usage. */
    private TokenFigures former;
    /** The service tier that this document names beside its usage; {@link Dialect#NOTHING} for none or the usual one. */
    private long tier = Dialect.NOTHING;
    /** The same of the documents before that had usage; the last that names one counts. */
    private long formerTier = Dialect.NOTHING;

    /** @param raw gets the objects as they were written; {@code null} when nobody wants them */
    ToldUsage(RawUsage raw) {
        this.raw = raw;
    }

    /** What was written of objects; {@code null} when nobody wants that. */
    RawUsage raw() {
        return raw;
    }

    /** An object begins, at {@code index} of the present piece. */
    void begin(int index) {
        if (pending == null) {
            pending = new TokenFigures();
        } else {
            pending.clear();
        }
        if (raw != null) {
            raw.begin(index);
        }
    }

    /** The object that is read; after {@link #begin}. */
    TokenFigures pending() {
        return pending;
    }

    /** The object ends before {@code behind}. */
    void end(byte[] piece, int behind) {
        if (!pending.known()) {
            if (raw != null) {
                raw.drop();
            }
            return;
        }
        if (raw != null) {
            raw.end(piece, behind);
        }
        TokenFigures replaced = current;
        current = pending;
        pending = replaced;
    }

    /** This document names, beside its usage, a service tier that is not the usual one; of no meaning if it tells no usage. */
    void tier(long name) {
        tier = name;
    }

    /** Another document begins. */
    void nextDocument() {
        if (current != null) {
            passCurrent();
        }
        tier = Dialect.NOTHING;
        if (raw != null) {
            raw.drop();
        }
    }

    private void passCurrent() {
        formerTier = tier == Dialect.NOTHING ? formerTier : tier;
        if (former == null) {
            former = current;
        } else {
            former.add(current);
            pending = current;
        }
        current = null;
    }

    /** Whether there was usage, with a figure in it. */
    boolean found() {
        return current != null || former != null;
    }

    /** What was told so far; {@code null} when nothing was. */
    Usage usage() {
        long named = current == null || tier == Dialect.NOTHING ? formerTier : tier;
        if (current == null || former == null) {
            TokenFigures only = current == null ? former : current;
            return only == null ? null : only.toUsage(named);
        }
        TokenFigures both = new TokenFigures();
        both.add(former);
        both.add(current);
        return both.toUsage(named);
    }
}
