package io.costoptimal.gateway.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** A value of a JSON file, asked by path; what is not there is empty. Immutable. */
record Json(Object value) {

    private static final JsonFactory FACTORY = new JsonFactory();

    static Json read(Path file) throws IOException {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), Files.readAllBytes(file))) {
            parser.nextToken();
            return new Json(value(parser));
        }
    }

    private static Object value(JsonParser parser) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, Object> members = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    members.put(name, value(parser));
                }
                yield members;
            }
            case START_ARRAY -> {
                List<Object> elements = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    elements.add(value(parser));
                }
                yield elements;
            }
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_NULL -> null;
            default -> parser.getString();
        };
    }

    /** The member below, member by member. */
    Json at(String... path) {
        Object below = value;
        for (String name : path) {
            below = below instanceof Map<?, ?> members ? members.get(name) : null;
        }
        return new Json(below);
    }

    String text() {
        return value == null ? "" : value.toString();
    }

    List<Json> elements() {
        return value instanceof List<?> list ? list.stream().map(Json::new).toList() : List.of();
    }

    /** Members in the order of the file. */
    Map<String, Json> members() {
        Map<String, Json> members = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, member) -> members.put((String) name, new Json(member)));
        }
        return members;
    }

    /** The elements as numbers, NaN for what is none. */
    List<Double> series() {
        return elements().stream()
                .map(element -> element.value instanceof Double number ? number : Double.valueOf(Double.NaN))
                .toList();
    }

    /** Every number in this and in arrays below, whatever their depth. */
    List<Double> numbers() {
        if (value instanceof Double number) {
            return List.of(number);
        }
        return elements().stream()
                .flatMap(element -> element.numbers().stream())
                .toList();
    }
}
