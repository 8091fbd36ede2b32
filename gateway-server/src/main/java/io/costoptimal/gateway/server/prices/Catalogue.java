package io.costoptimal.gateway.server.prices;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The prices of well-known models that come with the program. Read when it is first asked for. */
public final class Catalogue {

    private static final String ORIGIN = "catalogue";
    private static final String RESOURCE = "prices.csv";

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

    /** The catalogue; the first call reads it, which takes some milliseconds and belongs on no event loop. */
    public static PriceList list() {
        return Holder.LIST;
    }
}
