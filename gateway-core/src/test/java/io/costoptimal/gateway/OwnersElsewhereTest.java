package io.costoptimal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.ObjectOwners;
import io.costoptimal.gateway.route.PathPattern;
import io.costoptimal.gateway.route.PathRoute;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** All that holds of owners that are known at once holds of those that are found later, by another thread. */
class OwnersElsewhereTest extends ObjectOwnershipTest {

    /** {@code null} while the place is well. */
    private CompletableFuture<Map<String, List<ObjectOwners.Owner>>> instead;

    private Duration patience = Duration.ofMinutes(1);

    @Override
    ObjectOwners inForce() {
        return new ObjectOwners() {
            @Override
            public List<Owner> of(String id) {
                return List.of();
            }

            @Override
            public CompletableFuture<Map<String, List<Owner>>> findLater(Collection<String> ids) {
                return instead != null
                        ? instead
                        : CompletableFuture.supplyAsync(() -> {
                            Map<String, List<Owner>> found = new HashMap<>();
                            ids.forEach(id -> found.put(id, owners.of(id)));
                            return found;
                        });
            }

            @Override
            public Duration patience() {
                return patience;
            }

            @Override
            public void made(String id, Owner owner) {
                owners.made(id, owner);
            }

            @Override
            public void deleted(String id, Owner owner) {
                owners.deleted(id, owner);
            }
        };
    }

    private void assertToldToTryAgain() throws IOException {
        for (String answer : List.of(
                ask(ALICE, "GET", "/v1/files/file-1", null),
                ask(ALICE, "POST", "/v1/batches", "{\"input_file_id\":\"file-1\"}"))) {
            assertThat(answer)
                    .startsWith("HTTP/1.1 503 ")
                    .contains("retry-after: 1")
                    .contains("\"server_is_overloaded\"");
        }
        assertThat(ask(ALICE, "GET", "/v1/messages/batches/file-1", null))
                .startsWith("HTTP/1.1 503 ")
                .contains("\"overloaded_error\"");
    }

    @Test
    void anObjectIsNotMissingBecauseThePlaceThatKnowsItsOwnerFails() throws Exception {
        aliceMadeAFile();
        instead = CompletableFuture.failedFuture(new IOException("gone"));

        assertToldToTryAgain();
        assertThat(gateway.ownerLookUps().failed()).isEqualTo(3);

        instead = null;
        assertThat(ask(ALICE, "GET", "/v1/files/file-1", null)).startsWith("HTTP/1.1 200 ");
    }

    /** Nor does it learn which objects there are. */
    @Test
    void aKeyThatNoEntryOfTheRoutesAdmitsCostsNoSearch() throws Exception {
        start(List.of(
                new PathRoute(List.of(new PathPattern("/v1/batches/*")), Set.of(), null, Set.of("alice"), false)));
        instead = CompletableFuture.failedFuture(new IOException("asked"));

        for (String answer : List.of(
                ask(BOB, "POST", "/v1/batches", "{\"input_file_id\":\"file-1\"}"),
                ask(BOB, "GET", "/v1/batches/batch-1", null))) {
            assertThat(answer).startsWith("HTTP/1.1 403 ").contains("no entry of `routes` for it is for this key");
        }
        assertThat(ask(ALICE, "GET", "/v1/batches/batch-1", null)).startsWith("HTTP/1.1 503 ");
    }

    @Test
    void anObjectIsNotMissingBecauseThePlaceThatKnowsItsOwnerIsSlow() throws Exception {
        aliceMadeAFile();
        instead = new CompletableFuture<>();
        patience = Duration.ofMillis(1);

        assertToldToTryAgain();
        assertThat(instead).isCancelled();
    }
}
