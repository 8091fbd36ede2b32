package io.costoptimal.gateway.server.prices;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The prices of well-known models that come with the program. Read when it is first asked for. */
public final class Catalogue {

    private static final String ORIGIN = "catalogue";
    private static final String RESOURCE = "prices.csv";

    /** Larger than any list; models.dev's has half a megabyte. */
    private static final int MAX_BYTES = 16 * 1024 * 1024;

    private Catalogue() {}

    private static final class Holder {

        private static final PriceList LIST = load();

        private static PriceList load() {
            try (InputStream in = Catalogue.class.getResourceAsStream(RESOURCE)) {
                return PriceFile.read(RESOURCE, new String(in.readAllBytes(), StandardCharsets.UTF_8), ORIGIN);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (PriceFileException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /**
     * A list of vendors' prices in a file, which is dated by itself and named by its file.
     *
     * @throws IOException when it cannot be read or is larger than 16 MB
     * @throws PriceFileException when it is malformed
     */
    public static PriceList file(Path path) throws IOException, PriceFileException {
        // A pipe may have nothing to read for ever.
        if (!Files.isRegularFile(path)) {
            throw new IOException("no file: " + path);
        }
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IOException("larger than 16 MB: " + path);
            }
            String text = new String(bytes, StandardCharsets.UTF_8);
            return PriceFile.read(path.toString(), text, "file:" + path.getFileName());
        }
    }

    /** The catalogue; the first call reads it, which takes some milliseconds and belongs on no event loop. */
    public static PriceList list() {
        return Holder.LIST;
    }
}
