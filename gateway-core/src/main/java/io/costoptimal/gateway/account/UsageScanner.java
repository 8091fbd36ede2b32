package io.costoptimal.gateway.account;

import io.costoptimal.gateway.exchange.NameHash;
import io.costoptimal.gateway.exchange.Usage;
import io.costoptimal.gateway.exchange.Usage.Extra.Kind;
import io.costoptimal.gateway.exchange.UsageDialect;
import io.costoptimal.gateway.exchange.UsageDialect.Place;
import io.costoptimal.gateway.http.Swar;
import io.costoptimal.gateway.http.WholeNumber;

/**
 * Finds usage in JSON documents that arrive in pieces. Confined to the event loop of its exchange.
 *
 * <p>Follows the structure of the document, so that what a model says cannot pass for usage: neither text inside a string,
 * nor an object that it made up as the argument of a tool. Members are read only of the objects on the way to the figures,
 * which is the {@link Place}s; all else is passed by, eight bytes at a time.
 *
 * <p>Longer than most classes because the way from one token to the next is one loop, and all its steps belong to it.
 */
final class UsageScanner {

    /** What the next byte belongs to. */
    private enum Within {
        STRUCTURE,
        /** A member's name, which is hashed. */
        NAME,
        /** The root's {@code type}, which is hashed too. */
        TYPE,
        /** The name of a rate at which tokens are charged, which is hashed too. */
        RATE,
        /** A string that is passed by. */
        STRING
    }

    private static final long TYPE = NameHash.of("type");
    private static final long ERROR = NameHash.of("error");
    private static final long SERVICE_TIER = NameHash.of("service_tier");
    private static final long SPEED = NameHash.of("speed");
    /** Anthropic asks more for answers that are made in one country. */
    private static final long INFERENCE_GEO = NameHash.of("inference_geo");

    private static final long NO_NUMBER = -1;
    private static final long BAD_NUMBER = -2;

    /** No answer uses more tokens than this; a larger figure is a fault of whoever wrote it. */
    private static final long LARGEST = 1_000_000_000L;

    private final UsageDialect dialect;
    private final ToldUsage told;

    /** The place that is read now, the innermost of {@link #read} that are open; of no meaning when none is. */
    private Place place;

    private int read;
    /** Open objects and arrays; more than {@link #read} while one is passed by. */
    private int depth;

    private Within within = Within.STRUCTURE;
    private boolean escaped;
    private boolean nameNext;
    private long hash;
    /** Bytes of a hashed string that are not yet a whole word, and how many bits they have. */
    private long word;

    private int wordBits;
    private long name;
    /** The digits before a point or an exponent. */
    private long number = NO_NUMBER;
    /** Reads what follows them; {@code null} before the first number that has either. */
    private WholeNumber scaled;

    private boolean inScaled;

    private boolean finished;
    private boolean ending;
    /** Whether any document so far said that the answer failed. */
    private boolean failed;

    UsageScanner(UsageDialect dialect) {
        this(dialect, null);
    }

    /** @param raw gets the usage objects as they were written; {@code null} when nobody wants them */
    UsageScanner(UsageDialect dialect, RawUsage raw) {
        this.dialect = dialect;
        this.told = new ToldUsage(raw);
    }

    UsageDialect dialect() {
        return dialect;
    }

    /** What was told so far; {@code null} when nothing was. */
    Usage usage() {
        return told.usage();
    }

    /** Whether there was usage, with a figure in it. */
    boolean found() {
        return told.found();
    }

    /** Whether nothing more is to be found: the document is closed, was no object, or is of a type without usage. */
    boolean finished() {
        return finished;
    }

    /** Whether the document says that it is the last. */
    boolean ending() {
        return ending;
    }

    /** Whether any document so far said that the answer failed: usage told before that is not all of it. */
    boolean failed() {
        return failed;
    }

    /** Forgets the present document, whole or not, and keeps the figures. */
    void nextDocument() {
        told.nextDocument();
        read = 0;
        depth = 0;
        within = Within.STRUCTURE;
        escaped = false;
        word = 0;
        wordBits = 0;
        nameNext = false;
        name = Dialect.NOTHING;
        number = NO_NUMBER;
        inScaled = false;
        finished = false;
        ending = false;
    }

    void feed(byte[] bytes, int from, int end) {
        RawUsage raw = told.raw();
        if (raw != null) {
            raw.pieceBegins(from);
            read(bytes, from, end);
            raw.pieceEnds(bytes, end);
        } else {
            read(bytes, from, end);
        }
    }

    private void read(byte[] bytes, int from, int end) {
        int i = within == Within.STRUCTURE ? from : string(bytes, from, end);
        while (i < end && !finished) {
            if (depth > read) {
                i = passNested(bytes, i, end);
                continue;
            }
            byte c = bytes[i++];
            if (c == '"') {
                openString();
                i = finished ? end : string(bytes, i, end);
            } else if (c >= '0' && c <= '9' && read > 0) {
                i = digits(bytes, i - 1, end);
            } else {
                member(c, bytes, i);
            }
        }
    }

    /** Reads on to the end of a string, or to the end of the piece. */
    private int string(byte[] bytes, int from, int end) {
        return within == Within.STRING ? passString(bytes, from, end) : hashString(bytes, from, end);
    }

    private int hashString(byte[] bytes, int from, int end) {
        int i = from;
        if (wordBits == 0 && !escaped) {
            for (; i <= end - 8; i += 8) {
                long next = Swar.word(bytes, i);
                long hits = Swar.quoteOrBackslash(next);
                if (hits != 0) {
                    int n = Swar.first(hits);
                    if (bytes[i + n] != '"') {
                        break;
                    }
                    // All bytes up to the quote.
                    hashed(NameHash.add(hash, next & (hits ^ hits - 1)));
                    return i + n + 1;
                }
                hash = NameHash.add(hash, next);
            }
        }
        for (; i < end; i++) {
            byte c = bytes[i];
            word |= (c & 0xffL) << wordBits;
            if (c == '"' && !escaped) {
                hashed(NameHash.add(hash, word));
                return i + 1;
            }
            escaped = c == '\\' && !escaped;
            wordBits = wordBits + 8 & 63;
            if (wordBits == 0) {
                hash = NameHash.add(hash, word);
                word = 0;
            }
        }
        return end;
    }

    private void hashed(long hash) {
        if (within == Within.NAME) {
            name = hash;
        } else if (within == Within.RATE) {
            rate(hash);
        } else {
            ending |= Dialect.isLast(hash);
            failed |= hash == ERROR;
            // Most events of a stream end their scan here: type comes first, and theirs carries no usage.
            finished = !ending && !dialect.mayCarryUsage(hash);
        }
        within = Within.STRUCTURE;
        word = 0;
        wordBits = 0;
    }

    private void rate(long rate) {
        if (Dialect.isUsualRate(rate)) {
            return;
        }
        if (place != Place.USAGE) {
            told.tier(rate);
        } else {
            told.pending()
                    .rate(
                            name == SPEED ? Kind.SPEED : name == SERVICE_TIER ? Kind.SERVICE_TIER : Kind.INFERENCE_GEO,
                            rate);
        }
    }

    private int passString(byte[] bytes, int from, int end) {
        int i = escaped ? from + 1 : from;
        while (i < end) {
            i = Swar.quoteOrBackslash(bytes, i, end);
            if (i == end) {
                break;
            }
            if (bytes[i] == '"') {
                within = Within.STRUCTURE;
                escaped = false;
                return i + 1;
            }
            i += 2;
        }
        within = Within.STRING;
        // Beyond the end only if the last byte was a backslash: what it escapes comes with the next piece.
        escaped = i > end;
        return end;
    }

    /** Reads on to the end of a value whose members are not read, or to the end of the piece. */
    private int passNested(byte[] bytes, int from, int end) {
        int depth = this.depth;
        int i = from;
        while (depth > read) {
            i = Swar.quoteOrBracket(bytes, i, end);
            if (i == end) {
                break;
            }
            byte c = bytes[i++];
            if (c == '"') {
                i = passString(bytes, i, end);
            } else {
                depth += c == '{' || c == '[' ? 1 : -1;
            }
        }
        this.depth = depth;
        return i;
    }

    private int digits(byte[] bytes, int from, int end) {
        long value = number == NO_NUMBER ? 0 : number;
        int i = from;
        for (; i < end && bytes[i] >= '0' && bytes[i] <= '9'; i++) {
            if (inScaled) {
                scaled.add(bytes[i]);
            } else if (value != BAD_NUMBER) {
                value = value < Long.MAX_VALUE / 10 ? value * 10 + bytes[i] - '0' : Long.MAX_VALUE;
            }
        }
        number = value;
        return i;
    }

    /** One byte of an object whose members are read, outside its strings and nested values; the next is at {@code behind}. */
    private void member(byte c, byte[] bytes, int behind) {
        switch (c) {
            case '{' -> open(read == 0 ? Place.ROOT : dialect.placeOf(place, name), behind);
            case '[' -> open(null, behind);
            case '}', ']' -> close(bytes, behind);
            case ',' -> {
                endValue();
                nameNext = true;
            }
            default -> scalar(c);
        }
    }

    private void openString() {
        if (read == 0) {
            finished = true;
            return;
        }
        hash = NameHash.EMPTY;
        if (nameNext) {
            within = Within.NAME;
            nameNext = false;
        } else {
            noteError();
            within = name == TYPE && read == 1 ? Within.TYPE : namesRate() ? Within.RATE : Within.STRING;
        }
    }

    /** Whether the member that is read names a rate: APIs have it in the root, in the envelope or in the usage. */
    private boolean namesRate() {
        return name == SERVICE_TIER || place == Place.USAGE && (name == SPEED || name == INFERENCE_GEO);
    }

    private void open(Place place, int behind) {
        if (read == 0 && place == null) {
            finished = true;
            return;
        }
        noteError();
        depth++;
        if (place == null) {
            return;
        }
        this.place = place;
        read++;
        name = Dialect.NOTHING;
        nameNext = true;
        if (place == Place.USAGE) {
            told.begin(behind - 1);
        }
    }

    private void close(byte[] bytes, int behind) {
        if (read == 0) {
            finished = true;
            return;
        }
        endValue();
        if (place == Place.USAGE) {
            told.end(bytes, behind);
        }
        place = Dialect.parentOf(place, read);
        read--;
        depth--;
        nameNext = false;
        finished = read == 0;
    }

    private void scalar(byte c) {
        if (read == 0) {
            // White space and a byte order mark (negative) may come before a document; anything else is no object.
            finished = c > ' ';
        } else if (c == '-' || c == '+' || c == '.' || (c | 0x20) == 'e') {
            scale(c);
        }
    }

    /** A sign, a point or an exponent; or a letter of a literal, which makes no number. */
    private void scale(byte c) {
        if (inScaled) {
            scaled.add(c);
        } else if (number >= 0 && c != '-' && c != '+') {
            scaled = scaled == null ? new WholeNumber() : scaled;
            scaled.begin(number, c);
            inScaled = true;
        } else {
            number = BAD_NUMBER;
        }
    }

    private void endValue() {
        long value = inScaled ? scaled.value() : number;
        if (value >= 0 && value <= LARGEST && read > 0) {
            switch (place) {
                case USAGE -> told.pending().total(name, value);
                case INPUT_DETAILS -> told.pending().inputDetail(name, value);
                case OUTPUT_DETAILS -> told.pending().outputDetail(name, value);
                case CACHE_CREATION -> told.pending().cacheCreation(name, value);
                case SERVER_TOOLS -> told.pending().serverTool(name, value);
                case ROOT, ENVELOPE -> {}
            }
        }
        number = NO_NUMBER;
        inScaled = false;
        name = Dialect.NOTHING;
    }

    /** An error in a chat stream is a member of its own, without a type. */
    private void noteError() {
        if (name == ERROR && read == 1) {
            ending = true;
            failed = true;
        }
    }
}
