package io.costoptimal.gateway.server.simulator;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Compresses one answer, each piece so that it can be read at once. Confined to one event loop. Brotli is not among its
 * codings: no client accepts that alone, and there is no encoder of it in Java.
 */
final class Packer {

    /** The codings, the preferred one first. */
    enum Coding {
        ZSTD,
        GZIP,
        DEFLATE;

        /** What {@code Content-Encoding} says. */
        String field() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The preferred coding that the values of {@code Accept-Encoding} allow; {@code null} without one. */
        static Coding allowedBy(List<String> accepted) {
            String all =
                    ',' + String.join(",", accepted).toLowerCase(Locale.ROOT).replaceAll("[ \t]", "") + ',';
            for (Coding coding : values()) {
                if (all.matches(".*,(" + coding.field() + "|\\*)(;(?!q=0(\\.0*)?,)[^,]*)?,.*")) {
                    return coding;
                }
            }
            return null;
        }
    }

    private final ByteBufAllocator alloc;
    private final ByteArrayOutputStream packed = new ByteArrayOutputStream();
    private final OutputStream packing;

    Packer(Coding coding, ByteBufAllocator alloc) {
        this.alloc = alloc;
        try {
            packing = switch (coding) {
                case ZSTD -> new ZstdOutputStreamNoFinalizer(packed).setCloseFrameOnFlush(false);
                case GZIP -> new GZIPOutputStream(packed, 512, true);
                case DEFLATE -> new DeflaterOutputStream(packed, new Deflater(), 512, true);
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes {@code piece} and returns what the client gets for it. */
    ByteBuf pack(ByteBuf piece, boolean last) {
        try {
            piece.readBytes(packing, piece.readableBytes());
            if (last) {
                packing.close();
            } else {
                packing.flush();
            }
            ByteBuf out = alloc.buffer(packed.size());
            packed.writeTo(new ByteBufOutputStream(out));
            packed.reset();
            return out;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            piece.release();
        }
    }
}
