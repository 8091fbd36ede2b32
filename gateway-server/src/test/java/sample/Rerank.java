package sample;

import io.costoptimal.gateway.account.Dialect;
import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.BodyText;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.Operation.Answers;
import io.costoptimal.gateway.exchange.Operation.Body;
import io.costoptimal.gateway.exchange.Operation.ErrorEvent;
import io.costoptimal.gateway.exchange.Operation.Handling;
import io.costoptimal.gateway.exchange.Operation.ModelPlace;
import java.util.Set;

/** An operation of somebody else's: documents are put in order by how well they fit a question. */
final class Rerank {

    static final Operation OPERATION = new Operation(
            "POST",
            "/v1/sort",
            Handling.PROXIED,
            new Body(ModelPlace.BODY, Rerank::text),
            new Answers(ApiFamily.OPENAI, Dialect.of("tokens", "meta"), Dialect.PLAIN, ErrorEvent.CHAT));

    private Rerank() {}

    private static BodyText.Members text(BodyText in) {
        return name -> {
            switch (name) {
                case "query" -> in.text();
                case "documents" -> in.strings(Set.of("id"));
                default -> in.skip();
            }
        };
    }
}
