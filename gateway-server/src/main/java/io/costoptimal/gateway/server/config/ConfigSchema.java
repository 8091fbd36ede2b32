package io.costoptimal.gateway.server.config;

import java.io.StringWriter;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;

/**
 * {@link Format} as a JSON Schema (draft 2020-12), for editors. The schema is the looser of the two: wherever a value may
 * come from the environment it accepts a text with <code>${</code>, and it knows nothing of what two keys have to agree on.
 */
public final class ConfigSchema {

    private static final String VARIABLE = "\\$\\{";

    private static final ObjectWriteContext INDENTED = new ObjectWriteContext.Base() {
        @Override
        public PrettyPrinter getPrettyPrinter() {
            DefaultIndenter lines = new DefaultIndenter("  ", "\n");
            Separators separators =
                    Separators.createDefaultInstance().withObjectNameValueSpacing(Separators.Spacing.AFTER);
            return new DefaultPrettyPrinter(separators).withObjectIndenter(lines);
        }

        @Override
        public boolean hasPrettyPrinter() {
            return true;
        }
    };

    private final StringWriter text = new StringWriter();
    private final JsonGenerator json = new JsonFactory().createGenerator(INDENTED, text);

    private ConfigSchema() {}

    /** The schema, with a line feed at its end. */
    public static String json() {
        ConfigSchema schema = new ConfigSchema();
        schema.document();
        schema.json.close();
        return schema.text + "\n";
    }

    private void document() {
        json.writeStartObject();
        json.writeStringProperty("$schema", "https://json-schema.org/draft/2020-12/schema");
        json.writeStringProperty("title", "Configuration of the Cost-Optimal Gateway");
        table(Format.FILE);
        json.writeEndObject();
    }

    private void table(Table table) {
        json.writeStringProperty("type", "object");
        json.writeBooleanProperty("additionalProperties", false);
        List<String> required = table.settings().stream()
                .filter(Setting::required)
                .map(Setting::name)
                .toList();
        if (!required.isEmpty()) {
            strings("required", required);
        }
        json.writeObjectPropertyStart("properties");
        for (Setting setting : table.settings()) {
            json.writeObjectPropertyStart(setting.name());
            json.writeStringProperty("description", setting.about().meaning());
            if (setting.standard() != null) {
                json.writeName("default");
                standard(setting.form(), setting.standard());
            }
            if (setting.required()) {
                form(setting.form());
            } else {
                either(List.of(setting.form()), true);
            }
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private void standard(Form form, String written) {
        if (form == Form.Plain.FLAG) {
            json.writeBoolean(Boolean.parseBoolean(written));
        } else if (form instanceof Form.Number number && number.range().unit().plain()) {
            json.writeNumber(number.range().standard());
        } else if (written.startsWith("[")) {
            json.writeStartArray();
            for (String item : written.substring(1, written.length() - 1).split(", *")) {
                json.writeString(item);
            }
            json.writeEndArray();
        } else {
            json.writeString(written);
        }
    }

    /** Writes the keywords that a value of {@code form} has to satisfy, into the object that is open. */
    private void form(Form form) {
        if (form instanceof Form.MapOf map) {
            table(map.table());
        } else if (form instanceof Form.OwnKeys own) {
            json.writeStringProperty("type", "object");
            json.writeObjectPropertyStart("additionalProperties");
            form(own.value());
            json.writeEndObject();
        } else if (form instanceof Form.ListOf list) {
            json.writeStringProperty("type", "array");
            json.writeObjectPropertyStart("items");
            form(list.item());
            json.writeEndObject();
        } else if (form instanceof Form.Either either) {
            either(either.forms(), false);
        } else if (form instanceof Form.Number number) {
            number(number.range());
        } else if (form instanceof Form.Word word) {
            words(word.words());
        } else if (form instanceof Form.Pattern pattern) {
            strings("type", List.of("string", "integer"));
            json.writeStringProperty("pattern", "^(?:" + pattern.regex() + ")$|" + VARIABLE);
        } else {
            plain((Form.Plain) form);
        }
    }

    /** A key with nothing behind it counts as absent. */
    private void either(List<Form> forms, boolean orNothing) {
        json.writeArrayPropertyStart("anyOf");
        for (Form form : forms) {
            json.writeStartObject();
            form(form);
            json.writeEndObject();
        }
        if (orNothing) {
            json.writeStartObject();
            json.writeStringProperty("type", "null");
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void plain(Form.Plain plain) {
        switch (plain) {
            case TEXT, SECRET -> strings("type", List.of("string", "number"));
            case RULE -> strings("type", List.of("string", "boolean"));
            case FLAG -> {
                strings("type", List.of("boolean", "string"));
                json.writeStringProperty("pattern", VARIABLE);
            }
        }
    }

    private void words(List<String> words) {
        json.writeArrayPropertyStart("anyOf");
        json.writeStartObject();
        strings("enum", words);
        json.writeEndObject();
        variable();
        json.writeEndArray();
    }

    private void variable() {
        json.writeStartObject();
        json.writeStringProperty("type", "string");
        json.writeStringProperty("pattern", VARIABLE);
        json.writeEndObject();
    }

    private void number(Range range) {
        strings(
                "type",
                List.of(range.unit() == Unit.USD || range.unit() == Unit.FACTOR ? "number" : "integer", "string"));
        switch (range.unit()) {
            case USD, FACTOR -> {
                json.writeNumberProperty("minimum", 0);
                json.writeNumberProperty("maximum", Long.parseLong(range.unit().show(range.max())));
                json.writeStringProperty("pattern", VARIABLE);
            }
            case COUNT -> {
                json.writeNumberProperty("minimum", range.min());
                json.writeNumberProperty("maximum", range.max());
                json.writeStringProperty("pattern", VARIABLE);
            }
            case BYTES -> json.writeStringProperty("pattern", "^[0-9]+([kKmMgG]?[bB])?$|" + VARIABLE);
            case MILLIS -> json.writeStringProperty("pattern", "^[0-9]+([mM]?[sS]|[mM]|[hH])?$|" + VARIABLE);
        }
    }

    private void strings(String name, List<String> values) {
        json.writeArrayPropertyStart(name);
        values.forEach(json::writeString);
        json.writeEndArray();
    }
}
