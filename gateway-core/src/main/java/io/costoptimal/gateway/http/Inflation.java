package io.costoptimal.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.ByteBuffer;
import java.util.zip.Adler32;
import java.util.zip.CRC32;
import java.util.zip.Checksum;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Undoes gzip (RFC 1952), zlib (RFC 1950) and bare deflate data (RFC 1951); the JDK's inflater does the work, what stands
 * around its data is read here. Confined to one thread. A thread keeps one inflater for the next body.
 */
final class Inflation implements Unpacker {

    /** The window of 32 KB and the inflater's own state (zlib's technical notes). */
    private static final int MEMORY = 44 * 1024;

    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int HEADER_CHECKSUM = 2;
    private static final int RESERVED = 0xe0;
    private static final int GZIP_HEADER = 10;
    private static final int GZIP_TRAILER = 8;

    private static final FastThreadLocal<Inflater> SPARE = new FastThreadLocal<>();

    private enum Part {
        /** The two bytes of zlib, or the ten of gzip. */
        HEADER,
        EXTRA_LENGTH,
        EXTRA,
        NAME,
        COMMENT,
        HEADER_CHECKSUM,
        DATA,
        TRAILER,
        OVER
    }

    private final boolean gzip;
    private final Inflater inflater;

    private Part part = Part.HEADER;
    /** The last fixed bytes that were read, the first of them highest. */
    private long fixed;
    /** How many of the present part's bytes were read. */
    private int read;

    private int flags;
    private int extra;
    private long length;
    /** Of what was unpacked; {@code null} for bare deflate data. */
    private Checksum checksum;

    /** The first two bytes of bare deflate data, which were taken for a header. */
    private ByteBuf begun = Unpooled.EMPTY_BUFFER;
    /** Whether the inflater may hold output that did not fit. */
    private boolean pressed;

    private boolean closed;

    /** @param gzip false for {@code deflate}, whichever of its two forms comes */
    Inflation(boolean gzip) {
        this.gzip = gzip;
        Inflater spare = SPARE.get();
        SPARE.remove();
        inflater = spare == null ? new Inflater(true) : spare;
        checksum = gzip ? new CRC32() : new Adler32();
    }

    @Override
    public int unpack(ByteBuf in, ByteBuf out) throws DataFormatException {
        while (true) {
            while (part != Part.DATA && in.isReadable()) {
                around(in.readByte() & 0xff);
            }
            ByteBuf source = begun.isReadable() ? begun : in;
            if (part != Part.DATA || !source.isReadable() && !pressed) {
                return 0;
            }
            int n = inflate(source, out);
            if (n > 0) {
                return n;
            }
        }
    }

    private int inflate(ByteBuf in, ByteBuf out) throws DataFormatException {
        ByteBuffer source = in.nioBuffer();
        ByteBuffer target = out.nioBuffer(out.writerIndex(), out.writableBytes());
        inflater.setInput(source);
        int n = inflater.inflate(target);
        in.skipBytes(source.position());
        pressed = !target.hasRemaining();
        if (n > 0) {
            out.writerIndex(out.writerIndex() + n);
            length += n;
            if (checksum != null) {
                checksum.update(target.flip());
            }
        }
        if (inflater.finished()) {
            next(checksum == null ? Part.OVER : Part.TRAILER);
        } else if (inflater.needsDictionary()) {
            throw new DataFormatException("needs a dictionary");
        } else if (n == 0 && in.isReadable()) {
            throw new DataFormatException("does not go on");
        }
        return n;
    }

    /** One byte before or behind the data. */
    private void around(int b) throws DataFormatException {
        fixed = fixed << 8 | b;
        read++;
        switch (part) {
            case HEADER -> {
                if (gzip) {
                    gzipHeader(b);
                } else if (read == 2) {
                    zlibHeader();
                }
            }
            case EXTRA_LENGTH -> {
                extra |= b << 8 * (read - 1);
                if (read == 2) {
                    next(extra > 0 ? Part.EXTRA : after(Part.EXTRA));
                }
            }
            case EXTRA -> {
                if (read == extra) {
                    next(after(Part.EXTRA));
                }
            }
            case NAME, COMMENT -> {
                if (b == 0) {
                    next(after(part));
                }
            }
            case HEADER_CHECKSUM -> {
                if (read == 2) {
                    next(Part.DATA);
                }
            }
            case TRAILER -> trailer();
            default -> another(b);
        }
    }

    private void gzipHeader(int b) throws DataFormatException {
        boolean right = switch (read) {
            case 1 -> b == 0x1f;
            case 2 -> b == 0x8b;
            case 3 -> b == 8;
            case 4 -> (b & RESERVED) == 0;
            default -> true;
        };
        if (!right) {
            throw new DataFormatException("no gzip header");
        }
        flags = read == 4 ? b : flags;
        if (read == GZIP_HEADER) {
            next((flags & EXTRA) != 0 ? Part.EXTRA_LENGTH : after(Part.EXTRA));
        }
    }

    private Part after(Part done) {
        if (done == Part.EXTRA && (flags & NAME) != 0) {
            return Part.NAME;
        }
        if (done != Part.COMMENT && (flags & COMMENT) != 0) {
            return Part.COMMENT;
        }
        return (flags & HEADER_CHECKSUM) != 0 ? Part.HEADER_CHECKSUM : Part.DATA;
    }

    /** What is no zlib header is data already. */
    private void zlibHeader() throws DataFormatException {
        int header = (int) (fixed & 0xffff);
        boolean zlib = (header >> 8 & 0xf) == 8 && header % 31 == 0;
        if (!zlib) {
            checksum = null;
            begun = Unpooled.buffer(2, 2).writeShort(header);
            next(Part.DATA);
        } else if ((header & 0x20) != 0) {
            throw new DataFormatException("needs a dictionary");
        } else {
            next(Part.DATA);
        }
    }

    private void trailer() throws DataFormatException {
        if (gzip && read == GZIP_TRAILER) {
            boolean right = Integer.reverseBytes((int) (fixed >>> 32)) == (int) checksum.getValue()
                    && Integer.reverseBytes((int) fixed) == (int) length;
            over(right);
        } else if (!gzip && read == 4) {
            over((int) fixed == (int) checksum.getValue());
        }
    }

    private void over(boolean right) throws DataFormatException {
        if (!right) {
            throw new DataFormatException("checksum");
        }
        next(Part.OVER);
    }

    /** Gzip members may follow each other (RFC 1952, 2.2); nothing follows the others. */
    private void another(int b) throws DataFormatException {
        if (!gzip) {
            throw new DataFormatException("bytes behind the end");
        }
        inflater.reset();
        checksum.reset();
        length = 0;
        extra = 0;
        next(Part.HEADER);
        fixed = b;
        read = 1;
        gzipHeader(b);
    }

    private void next(Part next) {
        part = next;
        read = 0;
    }

    @Override
    public boolean whole() {
        return part == Part.OVER;
    }

    @Override
    public int memory() {
        return MEMORY;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (SPARE.isSet()) {
            inflater.end();
        } else {
            inflater.reset();
            SPARE.set(inflater);
        }
    }
}
