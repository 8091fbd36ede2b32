package io.costoptimal.gateway.testing;

import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.upstream.ProviderKinds;
import org.junit.jupiter.params.converter.SimpleArgumentConverter;

/** The operation or the kind of provider that a test's row calls by the name of its constant. */
public final class Constant extends SimpleArgumentConverter {

    @Override
    protected Object convert(Object source, Class<?> type) {
        return named((String) source, type == Operation.class ? StandardOperations.class : ProviderKinds.class);
    }

    /** The operation that is called {@code name}. */
    public static Operation operation(String name) {
        return (Operation) named(name, StandardOperations.class);
    }

    private static Object named(String name, Class<?> constants) {
        try {
            return constants.getField(name).get(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(name, e);
        }
    }
}
