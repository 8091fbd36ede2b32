package io.costoptimal.gateway;

import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.Operation.Answers;
import io.costoptimal.gateway.exchange.Operation.Body;
import io.costoptimal.gateway.exchange.Operation.ErrorEvent;
import io.costoptimal.gateway.exchange.Operation.Objects.Kind;
import java.util.List;
import java.util.stream.Stream;

/**
 * The operations of Anthropic's API on what a provider keeps. Files have the paths of OpenAI's: a request is for these if it
 * says {@code anthropic-version}. What needs an organization's admin key is not served.
 */
final class AnthropicObjects {

    private static final Answers ANSWERS = Answers.free(ApiFamily.ANTHROPIC, ErrorEvent.MESSAGES);

    private AnthropicObjects() {}

    /** All of them, in the order in which they are listed. */
    static List<Operation> rows() {
        return Stream.of(batches(), files())
                .flatMap(rows -> rows.rows().stream())
                .toList();
    }

    private static ObjectRows batches() {
        String batch = "/v1/messages/batches/{message_batch_id}";
        return new ObjectRows(Kind.MESSAGE_BATCH, ANSWERS)
                .creates("/v1/messages/batches")
                .lists("/v1/messages/batches")
                .reads(batch, batch + "/results")
                .acts(batch + "/cancel")
                .deletes(batch);
    }

    private static ObjectRows files() {
        return new ObjectRows(Kind.FILE, ANSWERS)
                .creates("/v1/files", Body.STREAMED)
                .lists("/v1/files")
                .reads("/v1/files/{file_id}", "/v1/files/{file_id}/content")
                .deletes("/v1/files/{file_id}");
    }
}
