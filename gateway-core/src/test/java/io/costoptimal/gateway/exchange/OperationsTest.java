package io.costoptimal.gateway.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.exchange.Operation.Answers;
import io.costoptimal.gateway.exchange.Operation.Body;
import io.costoptimal.gateway.exchange.Operation.Handling;
import io.costoptimal.gateway.exchange.Operation.ModelPlace;
import io.costoptimal.gateway.exchange.Operations.Found;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OperationsTest {

    private static final Operation CANCEL = local("/v1/jobs/{id}/cancel");

    private static final Body IN_BODY = new Body(ModelPlace.BODY, Body.NONE.text());

    @Test
    void findsAParameterBetweenTwoHalves() {
        Operations table = new Operations(List.of(CANCEL));

        assertThat(table.matching("/v1/jobs/j_1/cancel")).isEqualTo(new Found(CANCEL, "j_1"));
        assertThat(table.matching("/openai/v1/jobs/j_1/cancel")).isEqualTo(new Found(CANCEL, "j_1"));
        assertThat(table.matching("/openai/jobs/j_1/cancel")).isEqualTo(new Found(CANCEL, "j_1"));
    }

    @Test
    void findsNothingWhereTheParameterIsEmptyOrMoreThanOneSegment() {
        Operations table = new Operations(List.of(CANCEL));

        assertThat(table.matching("/v1/jobs//cancel")).isNull();
        assertThat(table.matching("/v1/jobs/cancel")).isNull();
        assertThat(table.matching("/v1/jobs/a/b/cancel")).isNull();
        assertThat(table.matching("/v1/jobs/a/cancel/")).isNull();
        assertThat(table.at("/v1/jobs/{id}/cancel")).isNull();
    }

    @Test
    void oneMoreRowLeavesTheOthersWhereTheyAre() {
        Operations table = StandardOperations.ALL.with(CANCEL);

        assertThat(table.rows()).containsAll(StandardOperations.ALL.rows()).contains(CANCEL);
        assertThat(table.at("/v1/messages")).isSameAs(StandardOperations.MESSAGES);
        assertThat(table.proxied()).isEqualTo(StandardOperations.ALL.proxied());
        assertThat(StandardOperations.ALL.matching("/v1/jobs/j_1/cancel")).isNull();
    }

    @Test
    void refusesAPathThatIsThereAlready() {
        assertThatThrownBy(() -> StandardOperations.ALL.with(local("/v1/messages")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("operations: /v1/messages twice");
        assertThatThrownBy(() -> StandardOperations.ALL.with(local("/v1/models/{id}")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("operations: /v1/models/{id} twice");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"v1/jobs", "/v1/jobs/{id", "/v1/jobs/id}", "/v1/jobs/{}", "/v1/jobs/{a}/{b}", "/v1/jobs?a={b}"})
    void refusesWhatIsNoPathWithOneParameterAtMost(String path) {
        assertThatThrownBy(() -> new Operations(List.of(local(path))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("operations: " + path + " (expected: a path, with one parameter in braces at most)");
    }

    @Test
    void refusesARequestToAProviderThatNamesNoModel() {
        Operation proxied = proxied("/v1/jobs", Body.NONE);

        assertThatThrownBy(() -> new Operations(List.of(proxied)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("operations: /v1/jobs (expected: a model in the body)");
    }

    @Test
    void refusesAnswersOfProvidersThatSayNowhereWhatWasUsed() {
        assertThatThrownBy(() -> new Operation("POST", "/v1/jobs", Handling.PROXIED, Body.NONE, Answers.OWN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("operation: POST /v1/jobs (expected: where its answers say their usage)");
    }

    @Test
    void knowsTheMethodsOfItsRows() {
        assertThat(StandardOperations.ALL.methods()).isEqualTo("GET, HEAD, POST");
        assertThat(new Operations(List.of(proxied("/v1/jobs", IN_BODY))).methods())
                .isEqualTo("POST");
    }

    @Test
    void refusesAParameterInAPathThatAProviderIsAskedFor() {
        Operation proxied = proxied("/v1/jobs/{id}/run", IN_BODY);

        assertThatThrownBy(() -> new Operations(List.of(proxied)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("operations: /v1/jobs/{id}/run (expected: no parameter)");
    }

    @Test
    void refusesACandidateThatIsAskedForWhatTheGatewayAnswersItself() {
        assertThatThrownBy(() -> new Candidate(null, null, CANCEL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("operation: GET /v1/jobs/{id}/cancel (expected: one that providers answer)");
    }

    private static Operation proxied(String path, Body body) {
        return new Operation("POST", path, Handling.PROXIED, body, StandardOperations.EMBEDDINGS.answers());
    }

    private static Operation local(String path) {
        return new Operation("GET", path, Handling.LOCAL, Body.NONE, Answers.OWN);
    }
}
