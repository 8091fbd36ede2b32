package io.costoptimal.gateway.server.models;

import io.costoptimal.gateway.exchange.Provider;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Follows what one provider lists: fetches it now and then, and keeps what it has while the provider fails.
 * Its state belongs to its one thread, which exists only while there is a provider to follow.
 */
final class RemoteModels implements AutoCloseable {

    private static final Logger LOG = LogManager.getLogger(RemoteModels.class);

    private static final Duration FIRST_RETRY = Duration.ofSeconds(5);

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "models");
        thread.setDaemon(true);
        return thread;
    });
    private final List<X509Certificate> alsoTrusted;
    private final Consumer<List<ListedModel>> onChange;
    private final Duration refresh;

    private Provider following;
    private volatile ModelFetch fetch;
    private Duration retry;

    /**
     * @param onChange told of each new list, on this object's thread
     * @param refresh from one list to the next, and the longest wait after a failure
     */
    RemoteModels(List<X509Certificate> alsoTrusted, Consumer<List<ListedModel>> onChange, Duration refresh) {
        this.alsoTrusted = alsoTrusted;
        this.onChange = onChange;
        this.refresh = refresh;
    }

    /** Follows {@code provider} from now on; {@code null} follows nobody. Returns at once. */
    void follow(Provider provider) {
        thread.execute(() -> switchTo(provider));
    }

    private void switchTo(Provider provider) {
        if (Objects.equals(provider, following)) {
            return;
        }
        following = provider;
        onChange.accept(List.of());
        retry = shorter(FIRST_RETRY, refresh);
        refresh(provider);
    }

    private void refresh(Provider provider) {
        // A task scheduled for a provider that is followed no more ends its own chain here.
        if (provider == null || provider != following) {
            return;
        }
        Duration next;
        try {
            if (fetch == null) {
                fetch = new ModelFetch(alsoTrusted);
            }
            List<ListedModel> models = fetch.from(provider);
            onChange.accept(models);
            LOG.debug("models_refreshed provider={} models={}", provider.id(), models.size());
            retry = shorter(FIRST_RETRY, refresh);
            next = refresh;
        } catch (IOException | RuntimeException e) {
            // A defect of ours must not end the chain either; what it says may hold anything.
            String reason =
                    e instanceof IOException ? e.getMessage() : e.getClass().getSimpleName();
            LOG.warn("models_refresh_failed provider={} reason=\"{}\"", provider.id(), reason);
            next = retry;
            retry = shorter(retry.multipliedBy(2), refresh);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        if (!thread.isShutdown()) {
            thread.schedule(() -> refresh(provider), next.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    @Override
    public void close() {
        thread.shutdownNow();
        ModelFetch made = fetch;
        if (made != null) {
            made.close();
        }
    }
}
