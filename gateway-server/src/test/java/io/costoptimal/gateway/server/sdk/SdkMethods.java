package io.costoptimal.gateway.server.sdk;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * All methods of an official client of Java, found by reflection, and how to call one. Both clients are made in the same way: a
 * service for each resource, and for each method a class of parameters with a builder.
 */
final class SdkMethods {

    private static final Pattern MISSING = Pattern.compile("`(\\w+)` is required, but was not set");

    private static final String MADE_UP = "made_up";

    private final Object client;
    private final Path file;
    private final Map<String, Method> methods = new TreeMap<>();

    /** @param file sent wherever a method wants one */
    SdkMethods(Object client, Class<?> type, Path file) {
        this.client = client;
        this.file = file;
        find(type, "");
    }

    private void find(Class<?> service, String name) {
        for (Method method : service.getMethods()) {
            boolean inner = method.getParameterCount() == 0
                    && method.getReturnType().getName().matches(".*\\.services\\.blocking\\..*Service");
            if (inner) {
                find(method.getReturnType(), name + method.getName() + ".");
            } else if (!name.isEmpty() && takesParametersAlone(method)) {
                methods.put(name + method.getName(), method);
            }
        }
    }

    private static boolean takesParametersAlone(Method method) {
        return method.getParameterCount() == 1
                && !Modifier.isStatic(method.getModifiers())
                && method.getParameterTypes()[0].getSimpleName().endsWith("Params")
                && !method.getParameterTypes()[0].getSimpleName().startsWith("Structured");
    }

    /** Their names, such as {@code vectorStores.files.create}. */
    List<String> names() {
        return List.copyOf(methods.keySet());
    }

    /**
     * Calls the method {@code name} and reads its answer to the end.
     *
     * @param arguments by the name of the builder's method; the text {@code @} stands for the file
     * @param checked whether the answer is asked if it has the shape that the client expects
     * @return the answer; of a list or a stream the last element; {@code null} for none
     */
    Object call(String name, Map<String, Object> arguments, boolean checked) throws Exception {
        return call(name, arguments, checked, false);
    }

    /** Calls the method {@code name} with arguments made up as far as it needs any. */
    void call(String name) throws Exception {
        call(name, Map.of(), false, true);
    }

    private Object call(String name, Map<String, Object> arguments, boolean checked, boolean inventing)
            throws Exception {
        Method method = methods.get(name);
        if (method == null) {
            throw new NoSuchMethodException(name);
        }
        Object service = client;
        String[] path = name.split("\\.");
        for (int i = 0; i < path.length - 1; i++) {
            service = invoke(service, service.getClass().getMethod(path[i]));
        }
        Object builder = method.getParameterTypes()[0].getMethod("builder").invoke(null);
        for (Map.Entry<String, Object> argument : arguments.entrySet()) {
            set(builder, argument.getKey(), argument.getValue());
        }
        while (true) {
            try {
                // Some of what is missing is found out by the builder, and the rest when the path is made.
                Object parameters = invoke(builder, builder.getClass().getMethod("build"));
                return read(invoke(service, method, parameters), checked);
            } catch (IllegalStateException e) {
                if (!inventing) {
                    throw e;
                }
                supply(builder, e);
            }
        }
    }

    private void set(Object builder, String name, Object value) throws Exception {
        Exception last = new NoSuchMethodException(name);
        for (String wanted : List.of("Path", "String", "long", "JsonField", "", "MultipartField")) {
            for (Method setter : builder.getClass().getMethods()) {
                if (setter.getName().equals(name) && setter.getParameterCount() == 1) {
                    Class<?> type = setter.getParameterTypes()[0];
                    boolean many =
                            setter.getGenericParameterTypes()[0].getTypeName().contains("<java.util.List");
                    try {
                        Object fitting = fitting(type, wanted, many && value.equals(MADE_UP) ? List.of() : value);
                        if (fitting != null) {
                            invoke(builder, setter, fitting);
                            return;
                        }
                    } catch (IllegalArgumentException | ReflectiveOperationException e) {
                        last = e;
                    }
                }
            }
        }
        throw last;
    }

    /** {@code value} as a {@code type}, if that is the kind {@code wanted}; else {@code null}. */
    private Object fitting(Class<?> type, String wanted, Object value) throws Exception {
        String kind = type.getSimpleName();
        boolean text = value instanceof String;
        if (!wanted.isEmpty() && !kind.equals(wanted)) {
            return null;
        }
        return switch (kind) {
            case "Path" -> value.equals("@") || value.equals(MADE_UP) ? file : null;
            case "String" -> text ? value : null;
            case "JsonField" -> json(type, value);
            case "long", "Long" -> value instanceof Number number ? number.longValue() : made(value, 1L);
            case "OffsetDateTime" -> made(value, OffsetDateTime.parse("2026-01-01T00:00:00Z"));
            case "List" -> value.equals(List.of()) || value.equals(MADE_UP) ? List.of() : null;
            case "MultipartField" -> type.getMethod("of", Object.class).invoke(null, value);
            default -> value.equals(MADE_UP) ? madeUp(type) : text ? named(type, value) : null;
        };
    }

    private static Object made(Object value, Object instead) {
        return value.equals(MADE_UP) ? instead : null;
    }

    /** Some object of {@code type}: built with what it cannot do without, or the first of its kinds. */
    private Object madeUp(Class<?> type) throws Exception {
        for (Method method : type.getMethods()) {
            boolean fixed = Modifier.isStatic(method.getModifiers());
            if (fixed && method.getName().equals("builder") && method.getParameterCount() == 0) {
                return built(method.invoke(null));
            }
        }
        for (Method method : type.getMethods()) {
            boolean fixed = Modifier.isStatic(method.getModifiers());
            if (fixed && method.getName().startsWith("of") && method.getParameterCount() == 1) {
                Class<?> inner = method.getParameterTypes()[0];
                Object fitting = fitting(inner, inner.getSimpleName(), MADE_UP);
                if (fitting != null) {
                    return method.invoke(null, fitting);
                }
            }
        }
        return null;
    }

    private Object built(Object builder) throws Exception {
        while (true) {
            try {
                return invoke(builder, builder.getClass().getMethod("build"));
            } catch (IllegalStateException e) {
                supply(builder, e);
            }
        }
    }

    private void supply(Object builder, IllegalStateException complaint) throws Exception {
        Matcher missing = MISSING.matcher(String.valueOf(complaint.getMessage()));
        if (!missing.find()) {
            throw complaint;
        }
        set(builder, missing.group(1), MADE_UP);
    }

    private static Object json(Class<?> field, Object value) throws Exception {
        Class<?> json = Class.forName(field.getPackageName() + ".JsonValue");
        return json.getMethod("from", Object.class).invoke(null, value.equals(MADE_UP) ? Map.of() : value);
    }

    private static Object named(Class<?> type, Object value) throws Exception {
        try {
            return type.getMethod("of", String.class).invoke(null, value);
        } catch (NoSuchMethodException e) {
            return null;
        }
    }

    private static Object read(Object answer, boolean validating) throws Exception {
        if (answer == null) {
            return null;
        }
        Class<?> type = answer.getClass();
        if (type.getSimpleName().endsWith("Page")) {
            return last(((Iterable<?>) invoke(answer, type.getMethod("autoPager"))).iterator(), validating);
        }
        if (answer instanceof AutoCloseable closing) {
            try (closing) {
                return isBinary(type) ? bytes(answer) : streamed(answer, validating);
            }
        }
        if (validating) {
            invoke(answer, type.getMethod("validate"));
        }
        return answer;
    }

    private static boolean isBinary(Class<?> type) {
        return Stream.of(type.getMethods()).anyMatch(method -> method.getName().equals("body"));
    }

    private static byte[] bytes(Object answer) throws Exception {
        Method body = Stream.of(answer.getClass().getMethods())
                .filter(method -> method.getName().equals("body"))
                .findFirst()
                .orElseThrow();
        try (java.io.InputStream in = (java.io.InputStream) invoke(answer, body)) {
            return in.readAllBytes();
        }
    }

    private static Object streamed(Object answer, boolean validating) throws Exception {
        Method stream = Stream.of(answer.getClass().getMethods())
                .filter(method -> method.getName().equals("stream"))
                .findFirst()
                .orElseThrow();
        return last(((Stream<?>) invoke(answer, stream)).iterator(), validating);
    }

    private static Object last(Iterator<?> items, boolean validating) throws Exception {
        Object last = null;
        while (items.hasNext()) {
            last = items.next();
            if (validating) {
                invoke(last, last.getClass().getMethod("validate"));
            }
        }
        return last;
    }

    private static Object invoke(Object on, Method method, Object... arguments) throws Exception {
        try {
            method.setAccessible(true);
            return method.invoke(on, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }
}
