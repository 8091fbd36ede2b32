package io.costoptimal.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.ModelScope;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.Operation.Objects;
import io.costoptimal.gateway.exchange.Operations;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.Principal.Role;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.ProviderKind;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.exchange.Unnamed;
import io.costoptimal.gateway.testing.TestGateway;
import io.costoptimal.gateway.upstream.ProviderKinds;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ByPathTest {

    private static final Provider A = provider(ProviderKinds.OPENAI, "a");
    private static final Provider B = provider(ProviderKinds.OPENAI, "b");
    private static final Provider CLAUDE = provider(ProviderKinds.ANTHROPIC, "c");

    private static final Principal ANYBODY = new Principal("anybody", Role.CLIENT);
    private static final Principal ADMIN = new Principal("ops", Role.ADMIN);
    private static final Principal RESTRICTED = new Principal("team", Role.CLIENT, ModelScope.of(Set.of("gpt-4o")));

    private static final Operation CREATE_BATCH = row("POST /v1/batches");
    private static final Operation FILE = row("GET /v1/files/{file_id}");
    private static final Operation FILES = row("GET /v1/files");
    private static final Operation SECRET = row("POST /v1/realtime/client_secrets");
    private static final Operation MESSAGE_BATCH = row("POST /v1/messages/batches");

    static List<Operation> unnamed() {
        return StandardOperations.ALL.proxied().stream()
                .filter(row -> !StandardOperations.ALL.byModel().contains(row))
                .toList();
    }

    @Test
    void whatMakesSomethingGoesWhereTheFirstEntryForItSaysAndElseToTheDefaultProvider() {
        assertThat(goes(table(A), CREATE_BATCH, ANYBODY, null)).isEqualTo("a default_provider");
        assertThat(goes(table(A, entry("/v1/batches", B), entry("/v1/*", A)), CREATE_BATCH, ANYBODY, null))
                .isEqualTo("b route 1");
        assertThat(goes(table(A, entry("/v1/files/*", B)), CREATE_BATCH, ANYBODY, null))
                .isEqualTo("a default_provider");
        assertThat(goes(table(null), CREATE_BATCH, ANYBODY, null))
                .startsWith("404 Nothing says where POST /v1/batches goes")
                .contains("`routes`", "`default_provider`");
    }

    @Test
    void anEntryWithoutAProviderLeavesTheDefaultProvider() {
        assertThat(goes(table(A, entry("/v1/batches", null)), CREATE_BATCH, ANYBODY, null))
                .isEqualTo("a default_provider");
    }

    @Test
    void ofSeveralEntriesTheFirstCountsWhoseProviderHasTheApi() {
        RouteTable table = table(A, entry("/v1/files", B), entry("/v1/files", CLAUDE), entry("/v1/*", B));
        Operation anthropics = StandardOperations.ALL.at("/v1/files").by("GET", ApiFamily.ANTHROPIC);

        assertThat(goes(table, anthropics, ADMIN, null)).isEqualTo("c route 2");
        assertThat(goes(table, FILES, ADMIN, null)).isEqualTo("b route 1");
    }

    @Test
    void aDefaultProviderOfTheOtherApiIsAskedForNothing() {
        assertThat(goes(table(A), MESSAGE_BATCH, ANYBODY, null)).startsWith("404 Nothing says where");
        assertThat(goes(table(CLAUDE), MESSAGE_BATCH, ANYBODY, null)).isEqualTo("c default_provider");
    }

    @ParameterizedTest
    @MethodSource("unnamed")
    void whatIsAboutAnObjectOfNoKnownOwnerIsFoundNowhereUnlessObjectsAreShared(Operation operation) {
        RouteTable sends = table(A, entry("/v1/*", A));
        RouteTable shares =
                table(A, new PathRoute(List.of(new PathPattern("/v1/*")), Set.of(), A, Set.of("anybody"), true));
        String status = switch (operation.objects().role()) {
            case READS, DELETES -> "404";
            case LISTS -> "403";
            case NONE, CREATES -> "a";
        };

        assertThat(goes(sends, operation, ANYBODY, null)).startsWith(status);
        assertThat(goes(sends, operation, ADMIN, null)).isEqualTo("a route 1");
        assertThat(goes(shares, operation, ANYBODY, null)).isEqualTo("a route 1");
        assertThat(goes(shares, operation, new Principal("other", Role.CLIENT), null))
                .startsWith("403");
    }

    @ParameterizedTest
    @MethodSource("unnamed")
    void goesToTheOwnerOfItsObjectsWhateverTheEntriesSay(Operation operation) {
        boolean lists = operation.objects().role() == Objects.Role.LISTS;
        Principal caller = lists ? ADMIN : ANYBODY;

        assertThat(goes(table(A, entry("/v1/*", A)), operation, caller, "b")).isEqualTo("b owner");
        assertThat(goes(table(A, entry("/v1/*", A)), operation, caller, "gone")).startsWith("404");
        assertThat(goes(table(A, entry("/v1/*", A)), operation, ANYBODY, "b")).startsWith(lists ? "403" : "b owner");
    }

    @ParameterizedTest
    @MethodSource("unnamed")
    void aKeyForCertainModelsNeedsAnEntryThatNamesIt(Operation operation) {
        PathRoute named = new PathRoute(List.of(new PathPattern("/v1/*")), Set.of(), A, Set.of("team"), true);

        assertThat(goes(table(A), operation, RESTRICTED, "a")).startsWith("403");
        assertThat(goes(table(A, entry("/v1/*", A)), operation, RESTRICTED, "a"))
                .startsWith("403");
        assertThat(goes(table(A, entry("/v1/*", A), named), operation, RESTRICTED, null))
                .isEqualTo("a route 2");
    }

    @Test
    void whatMakesACredentialIsServedOnlyOnceAnEntryIsAboutIt() {
        assertThat(goes(table(A), SECRET, ANYBODY, null)).startsWith("404").contains("`routes`");
        assertThat(goes(table(A), SECRET, ADMIN, null)).startsWith("404");
        assertThat(goes(table(A, entry("/v1/realtime/*", A)), SECRET, ANYBODY, null))
                .isEqualTo("a route 1");
    }

    @Test
    void anEntryForCertainKeysClosesItsPathsToAllOthersWhateverModelTheyName() {
        PathRoute ours = new PathRoute(List.of(new PathPattern("/v1/images/*")), Set.of(), A, Set.of("ops"), false);
        Router closed = new Router(table(A, ours));

        assertThat(closed.closed(StandardOperations.IMAGES, ADMIN)).isNull();
        assertThat(closed.closed(StandardOperations.IMAGES, ANYBODY).status()).isEqualTo(403);
        assertThat(closed.closed(StandardOperations.CHAT_COMPLETIONS, ANYBODY)).isNull();
        assertThat(new Router(table(A, ours, entry("/v1/images/*", A))).closed(StandardOperations.IMAGES, ANYBODY))
                .isNull();
    }

    @Test
    void aRequestThatCouldNameAModelIsDecidedLikeThoseThatDoUnlessAnEntryIsAboutIt() {
        assertThat(new Router(table(A)).decide(new Unnamed(StandardOperations.MODERATIONS, ANYBODY, null)))
                .isNull();
        assertThat(goes(table(A, entry("/v1/moderations", B)), StandardOperations.MODERATIONS, ANYBODY, null))
                .isEqualTo("b route 1");
    }

    @Test
    void methodsOfAnEntryAreTheOnesItIsAbout() {
        PathRoute posts = new PathRoute(List.of(new PathPattern("/v1/*")), Set.of("POST"), B, Set.of(), true);

        assertThat(goes(table(A, posts), CREATE_BATCH, ANYBODY, null)).isEqualTo("b route 1");
        assertThat(goes(table(A, posts), FILE, ANYBODY, null)).startsWith("404");
    }

    private static String goes(RouteTable table, Operation operation, Principal caller, String owner) {
        Decision decision = new Router(table).decide(new Unnamed(operation, caller, owner));
        return decision.match().refusal() != null
                ? decision.match().refusal().status() + " "
                        + decision.match().refusal().message()
                : decision.candidates().get(0).provider().id() + " "
                        + decision.match().by();
    }

    private static RouteTable table(Provider standard, PathRoute... routes) {
        return new RouteTable(
                Map.of(),
                List.of(),
                standard,
                RetryOn.ALL,
                new RouteTable.Unnamed(List.of(routes), Map.of("a", A, "b", B, "c", CLAUDE)));
    }

    private static PathRoute entry(String path, Provider provider) {
        return new PathRoute(List.of(new PathPattern(path)), Set.of(), provider, Set.of(), false);
    }

    private static Operation row(String line) {
        Operations all = StandardOperations.ALL;
        return all.rows().stream()
                .filter(row -> row.toString().equals(line))
                .findFirst()
                .orElseThrow();
    }

    private static Provider provider(ProviderKind kind, String id) {
        Provider like = TestGateway.provider(kind, "http://" + id + ".test/v1", Duration.ofSeconds(1));
        return new Provider(id, like.kind(), like.base(), like.access(), like.firstByteTimeout());
    }
}
