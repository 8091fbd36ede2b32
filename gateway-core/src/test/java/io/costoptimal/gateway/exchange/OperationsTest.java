package io.costoptimal.gateway.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.exchange.Operation.Answers;
import io.costoptimal.gateway.exchange.Operation.Body;
import io.costoptimal.gateway.exchange.Operation.Handling;
import io.costoptimal.gateway.exchange.Operations.Found;
import java.util.List;
import org.junit.jupiter.api.Test;

class OperationsTest {

    private static final Operation CANCEL = local("/v1/jobs/{id}/cancel");

    @Test
    void findsAParameterBetweenTwoHalves() {
        Operations table = new Operations(List.of(CANCEL));

        assertThat(table.within("/v1/jobs/j_1/cancel")).isEqualTo(new Found(CANCEL, "j_1"));
        assertThat(table.within("/openai/v1/jobs/j_1/cancel")).isEqualTo(new Found(CANCEL, "j_1"));
        assertThat(table.within("/openai/jobs/j_1/cancel")).isEqualTo(new Found(CANCEL, "j_1"));
    }

    @Test
    void findsNothingWhereTheParameterIsEmptyOrMoreThanOneSegment() {
        Operations table = new Operations(List.of(CANCEL));

        assertThat(table.within("/v1/jobs//cancel")).isNull();
        assertThat(table.within("/v1/jobs/cancel")).isNull();
        assertThat(table.within("/v1/jobs/a/b/cancel")).isNull();
        assertThat(table.within("/v1/jobs/a/cancel/")).isNull();
        assertThat(table.at("/v1/jobs/{id}/cancel")).isNull();
    }

    @Test
    void oneMoreRowLeavesTheOthersWhereTheyAre() {
        Operations table = StandardOperations.ALL.with(CANCEL);

        assertThat(table.rows()).containsAll(StandardOperations.ALL.rows()).contains(CANCEL);
        assertThat(table.at("/v1/messages")).isSameAs(StandardOperations.MESSAGES);
        assertThat(table.proxied()).isEqualTo(StandardOperations.ALL.proxied());
        assertThat(StandardOperations.ALL.within("/v1/jobs/j_1/cancel")).isNull();
    }

    @Test
    void refusesAPathThatIsThereAlready() {
        assertThatThrownBy(() -> StandardOperations.ALL.with(local("/v1/messages")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("operations: /v1/messages twice");
    }

    @Test
    void refusesAParameterInAPathThatAProviderIsAskedFor() {
        Operation proxied = new Operation("POST", "/v1/jobs/{id}/run", Handling.PROXIED, Body.NONE, Answers.OWN);

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

    private static Operation local(String path) {
        return new Operation("GET", path, Handling.LOCAL, Body.NONE, Answers.OWN);
    }
}
