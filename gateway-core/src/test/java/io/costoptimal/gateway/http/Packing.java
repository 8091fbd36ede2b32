package io.costoptimal.gateway.http;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/** Content codings as other software makes them, for tests. */
public enum Packing {
    GZIP("gzip"),
    ZLIB("deflate"),
    BARE_DEFLATE("Deflate"),
    ZSTD("zstd");

    private final String coding;

    Packing(String coding) {
        this.coding = coding;
    }

    /** What {@code Content-Encoding} says of it. */
    public String coding() {
        return coding;
    }

    public byte[] pack(byte[] plain) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            switch (this) {
                case GZIP -> {
                    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
                        gzip.write(plain);
                    }
                }
                case ZSTD -> out.write(Zstd.compress(plain));
                default -> {
                    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, this == BARE_DEFLATE);
                    try (DeflaterOutputStream deflate = new DeflaterOutputStream(out, deflater)) {
                        deflate.write(plain);
                    }
                    deflater.end();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
