package io.costoptimal.gateway.http;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.util.Native;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;

/**
 * Undoes one Zstandard frame (RFC 8878) by {@code zstd-jni}. Confined to one thread.
 *
 * <p>The frame's header is looked at before the library sees it: it names the memory that the frame needs, which a content
 * coding limits to 8 MB (RFC 9659, 3). A second frame, a frame to be skipped and a dictionary are refused.
 */
final class Zstd implements Unpacker {

    /** Whether the native library can be loaded here. */
    static final boolean AVAILABLE = available();

    private static final int MAX_WINDOW = 8 << 20;
    /** What the library needs besides the window: its context and its own buffers. */
    private static final int CONTEXT = 256 * 1024;

    private static final int MAGIC = 0x28b52ffd;
    private static final int MAX_HEADER = 18;
    private static final int SINGLE_SEGMENT = 0x20;
    private static final int DICTIONARY = 0x03;

    private final ZstdDecompressCtx context = new ZstdDecompressCtx();
    private final ByteBuf header = Unpooled.directBuffer(MAX_HEADER, MAX_HEADER);

    private int window = -1;
    /** Whether the library may hold output that did not fit. */
    private boolean pressed;

    private boolean over;
    private boolean closed;

    private static boolean available() {
        try {
            Native.load();
            return Native.isLoaded();
        } catch (Throwable e) {
            // Not on the class path, or not for this platform, or no folder to unpack it into.
            return false;
        }
    }

    @Override
    public int unpack(ByteBuf in, ByteBuf out) throws DataFormatException {
        while (window < 0) {
            if (!in.isReadable()) {
                return 0;
            }
            header.writeByte(in.readByte());
            window = window();
        }
        if (over) {
            if (in.isReadable()) {
                throw new DataFormatException("bytes behind the end");
            }
            return 0;
        }
        if (header.isReadable()) {
            int n = step(header, out);
            if (n > 0) {
                return n;
            }
        }
        while ((in.isReadable() || pressed) && !over) {
            int n = step(in, out);
            if (n > 0) {
                return n;
            }
        }
        return 0;
    }

    private int step(ByteBuf in, ByteBuf out) throws DataFormatException {
        ByteBuffer source = direct(in);
        ByteBuffer target = out.nioBuffer(out.writerIndex(), out.writableBytes());
        int before = target.position();
        int first = source.position();
        try {
            over = context.decompressDirectByteBufferStream(target, source);
        } catch (ZstdException e) {
            throw new DataFormatException(e.getMessage());
        }
        int n = target.position() - before;
        int used = source.position() - first;
        in.skipBytes(used);
        out.writerIndex(out.writerIndex() + n);
        pressed = !target.hasRemaining();
        if (n == 0 && used == 0 && in.isReadable() && !over) {
            throw new DataFormatException("does not go on");
        }
        return n;
    }

    /** The library reads direct memory only; of other memory a piece is copied. */
    private static ByteBuffer direct(ByteBuf in) {
        if (in.isDirect()) {
            return in.nioBuffer();
        }
        int n = Math.min(in.readableBytes(), 8 * 1024);
        ByteBuffer copy = ByteBuffer.allocateDirect(n);
        in.getBytes(in.readerIndex(), copy);
        return copy.flip();
    }

    /** The window that the header asks for; -1 while it is not whole (RFC 8878, 3.1.1.1). */
    private int window() throws DataFormatException {
        int n = header.readableBytes();
        for (int i = 0; i < Math.min(n, 4); i++) {
            // The magic number is written lowest byte first, and so is as it stands here.
            if (header.getUnsignedByte(i) != (MAGIC >>> 24 - 8 * i & 0xff)) {
                throw new DataFormatException("no zstd frame");
            }
        }
        if (n < 5) {
            return -1;
        }
        int descriptor = header.getUnsignedByte(4);
        if ((descriptor & DICTIONARY) != 0) {
            throw new DataFormatException("needs a dictionary");
        }
        boolean single = (descriptor & SINGLE_SEGMENT) != 0;
        int sizeBytes = single ? 1 << (descriptor >> 6) : 1;
        if (n < 5 + sizeBytes) {
            return -1;
        }
        long asked = single ? contentSize(sizeBytes) : windowOf(header.getUnsignedByte(5));
        if (asked > MAX_WINDOW) {
            throw new DataFormatException("window of " + asked + " bytes");
        }
        return (int) asked;
    }

    private static long windowOf(int descriptor) {
        long base = 1L << 10 + (descriptor >> 3);
        return base + base / 8 * (descriptor & 7);
    }

    /** Of a frame in one segment, the window is the content. */
    private long contentSize(int bytes) {
        return switch (bytes) {
            case 1 -> header.getUnsignedByte(5);
            case 2 -> header.getUnsignedShortLE(5) + 256L;
            case 4 -> header.getUnsignedIntLE(5);
            default -> {
                long size = header.getLongLE(5);
                yield size < 0 ? Long.MAX_VALUE : size;
            }
        };
    }

    @Override
    public boolean whole() {
        return over;
    }

    @Override
    public int memory() {
        return CONTEXT + Math.max(0, window);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            header.release();
            context.close();
        }
    }
}
