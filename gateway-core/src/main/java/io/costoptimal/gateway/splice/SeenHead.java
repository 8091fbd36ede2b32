package io.costoptimal.gateway.splice;

import io.costoptimal.gateway.exchange.AnswerFields;
import io.costoptimal.gateway.http.ResponseHead;
import io.costoptimal.gateway.http.VisibleHead;
import java.util.function.BiConsumer;

/** The head of a provider's answer, for an embedder that looks at it. A copy of the head; made only for who looks. */
record SeenHead(VisibleHead head) implements AnswerFields {

    /** @param head complete; borrowed for the length of this call */
    SeenHead(ResponseHead head) {
        this(new VisibleHead(head));
    }

    @Override
    public int status() {
        return head.status();
    }

    @Override
    public String get(String name) {
        return head.get(name);
    }

    @Override
    public void forEach(BiConsumer<String, String> each) {
        head.forEach(each);
    }
}
