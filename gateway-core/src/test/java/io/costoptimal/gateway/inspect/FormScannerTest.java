package io.costoptimal.gateway.inspect;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.RequestFacts.ModelField;
import io.costoptimal.gateway.exchange.RequestFacts.ModelField.Place;
import io.costoptimal.gateway.inspect.FormCuts.Verdict;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Forms, each cut at every byte. In the tables {@code _} is CR LF, {@code ~} LF alone and {@code ^} CR alone. */
class FormScannerTest {

    private static final String FILE =
            "--B0\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\nxyz\r\n";
    private static final String MODEL = "--B0\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nwhisper-1\r\n";
    private static final String END = "--B0--\r\n";

    private static String unfolded(String row) {
        return row.replace("_", "\r\n").replace('~', '\n').replace('^', '\r');
    }

    @Test
    void findsTheModelAndWhereItStands() {
        int start = MODEL.indexOf("whisper");
        assertThat(FormCuts.everywhere(MODEL + FILE + END))
                .isEqualTo(found("whisper-1", start, start + "whisper-1".length()));
        int behind = FILE.length() + start;
        assertThat(FormCuts.everywhere(FILE + MODEL + END))
                .isEqualTo(found("whisper-1", behind, behind + "whisper-1".length()));
        assertThat(FormCuts.everywhere("\r\n" + MODEL + END))
                .isEqualTo(found("whisper-1", start + 2, start + 2 + "whisper-1".length()));
    }

    private static Verdict found(String name, int start, int end) {
        return new Verdict(null, new ModelField(name, Place.FORM_VALUE, start, end, false));
    }

    @Test
    void knowsTheModelAsSoonAsItsPartHasEnded() {
        FormScanner scanner = new FormScanner(FormCuts.BOUNDARY, new FormScanner.Wanted(true, false, Long.MAX_VALUE));
        String upToTheDelimiter = MODEL + "--B0";
        scanner.scan(Unpooled.copiedBuffer(upToTheDelimiter.substring(0, upToTheDelimiter.length() - 1), ISO_8859_1));
        assertThat(scanner.model()).isNull();
        scanner.scan(Unpooled.copiedBuffer("0", ISO_8859_1));
        assertThat(scanner.model().name()).isEqualTo("whisper-1");
    }

    /** The fields, too, are replaced then. */
    @Test
    void takesAPartThatTellsItsLengthAsOne() {
        String part = MODEL.replace("\r\n\r\n", "\r\nContent-Length: 9\r\n\r\n");
        assertThat(FormCuts.everywhere(part + END).model())
                .isEqualTo(new ModelField("whisper-1", Place.FORM_PART, 6, part.length() - 2, false));
    }

    @Test
    void saysWhereAModelWouldGo() {
        assertThat(FormCuts.everywhere(FILE + END).model())
                .isEqualTo(new ModelField(null, Place.BEFORE_PARTS, 0, 0, false));
        assertThat(FormCuts.everywhere("\r\n" + FILE + END).model())
                .isEqualTo(new ModelField(null, Place.BEFORE_PARTS, 2, 2, false));
        assertThat(FormCuts.everywhere("--B0--").model())
                .isEqualTo(new ModelField(null, Place.BEFORE_PARTS, 0, 0, false));
    }

    @Test
    void readsTheNameAsUtf8() {
        String name = "modèle-日本";
        String part = MODEL.replace("whisper-1", new String(name.getBytes(UTF_8), ISO_8859_1));
        assertThat(FormCuts.everywhere(part + END).model().name()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Disposition: form-data; name=\"model\"",
                "content-disposition:form-data;name=model",
                "Content-Disposition: Form-Data ; NAME=\"model\"",
                "Content-Disposition: form-data; name=\"model\";",
                "Content-Disposition: form-data;;\t; name=\"model\" ; ",
                "Content-Disposition: form-data; name=\"model\"_Content-Type: text/plain;; charset=utf-8;",
                "Content-Type: text/plain_Content-Disposition: form-data; name=\"model\"",
                "Content-Disposition: form-data; name=\"model\"_Content-Type: text/plain; charset=UTF-8",
                "Content-Disposition: form-data; name=\"model\"_Content-Type: text/plain;charset=\"us-ascii\"",
                "Content-Disposition: form-data; name=\"model\"_Content-Transfer-Encoding: 8bit",
                "Content-Disposition: form-data; name=\"model\"_X-Other: y"
            })
    void knowsThePartByItsFields(String fields) {
        String form = "--B0\r\n" + unfolded(fields) + "\r\n\r\nm\r\n" + END;
        assertThat(FormCuts.everywhere(form).model().name()).isEqualTo("m");
    }

    /** Older versions of Ruby's {@code multipart-post} end forms so. */
    @ParameterizedTest
    @ValueSource(strings = {"_", "__", "_____"})
    void passesEmptyLinesBehindTheLastDelimiter(String behind) {
        assertThat(FormCuts.everywhere(MODEL + "--B0--" + unfolded(behind)).model())
                .isEqualTo(FormCuts.everywhere(MODEL + "--B0--").model());
    }

    /** Whatever looks like a delimiter and is none belongs to the value. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "_",
                "__",
                "-",
                "--",
                "--B",
                "x--B0",
                "_--B",
                "_-",
                "_--",
                "~--B",
                "^-",
                "^^",
                "~",
                "_^",
                "^_",
                "_x--B0--"
            })
    void passesValuesThatAreNearlyDelimiters(String value) {
        String part = "--B0\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n" + unfolded(value)
                + "\r\n";
        assertThat(FormCuts.everywhere(part + MODEL + END).model().name()).isEqualTo("whisper-1");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '!', textBlock = """
            # where readers may see other delimiters
            x                                                | it must begin with a delimiter
            x_--B0_                                          | it must begin with a delimiter
            __--B0_                                          | it must begin with a delimiter
            ~--B0_                                           | it must begin with a delimiter
            ^--B0_                                           | it must begin with a delimiter
            --B1_                                            | it must begin with a delimiter
            --B0 _                                           | something follows a delimiter on its line
            --B0~                                            | something follows a delimiter on its line
            --B0^x                                           | something follows a delimiter on its line
            --B0-_                                           | something follows a delimiter on its line
            --B0x_                                           | something follows a delimiter on its line
            --B0_D: form-data; name="a"__x~--B0_             | a delimiter stands behind a line that does not end with CR LF
            --B0_D: form-data; name="a"__x^--B0_             | a delimiter stands behind a line that does not end with CR LF
            --B0_D: form-data; name="a"__x_^--B0_            | a delimiter stands behind a line that does not end with CR LF
            --B0_D: form-data; name="a"__--B0_               | a delimiter stands where a value should begin
            --B0_D: form-data; name="a"__x_--B0x             | something follows a delimiter on its line
            --B0--x                                          | something follows the last delimiter
            --B0--_x                                         | something follows the last delimiter
            --B0--__x                                        | something follows the last delimiter
            --B0--_--B0_                                     | something follows the last delimiter
            --B0--__~                                        | something follows the last delimiter
            --B0--_^x                                        | something follows the last delimiter
            --B0--_^                                         | the last delimiter is missing
            --B0--~                                          | something follows the last delimiter
            !!                                               | the last delimiter is missing
            --B0                                             | the last delimiter is missing
            --B0-                                            | the last delimiter is missing
            --B0_D: form-data; name="a"__x                   | the last delimiter is missing
            --B0_D: form-data; name="a"__x_--B0_             | the last delimiter is missing
            # fields
            --B0__x_--B0--                                   | a part needs one `D: form-data; name="..."`
            --B0_X: y__x_--B0--                              | a part needs one `D: form-data; name="..."`
            --B0_D: form-data__x_--B0--                      | a part needs one `D: form-data; name="..."`
            --B0_D: form-data; filename="a"__x_--B0--        | a part needs one `D: form-data; name="..."`
            --B0_D: attachment; name="a"__x_--B0--           | a part needs one `D: form-data; name="..."`
            --B0_D: form-data; name="a__x_--B0--             | a part needs one `D: form-data; name="..."`
            --B0_D: form-data; name=__x_--B0--               | a part needs one `D: form-data; name="..."`
            --B0_D: form-data; name="a" x__x_--B0--          | a part needs one `D: form-data; name="..."`
            --B0_D: form-data; name="a"_D: form-data; name="a"__x_--B0-- | a part needs one `D: form-data; name="..."`
            --B0_D: form-data; name="a"; name="b"__x_--B0--  | a part has two of `name`
            --B0_D: form-data; name="a"; Name="b"__x_--B0--  | a part has two of `name`
            --B0_D: form-data; name="a"; name*=utf-8''b__x_--B0-- | a part has its name encoded
            --B0_D: form-data; name*0="mod"; name*1="el"__x_--B0-- | a part has its name encoded
            --B0_D: form-data; name="\\"; name=\\"model"__x_--B0-- | a part needs one `D: form-data; name="..."`
            --B0_D: form-data; name="a"~X: y__x_--B0--       | a part has a malformed header line
            --B0_D: form-data; name="a"_X: y_ z: w__x_--B0--  | a part has a malformed header line
            --B0_D : form-data; name="a"__x_--B0--           | a part has a malformed header line
            --B0_x__x_--B0--                                 | a part has a malformed header line
            --B0_D: form-data; name="%5fCharset%5f"__utf-7_--B0-- | the part `%` is not taken: send UTF-8
            --B0_D: form-data; name="=?utf-8?B?bW9kZWw=?="__x_--B0-- | a part has its name encoded
            --B0_D: form-data; name="a =?us-ascii?q?=6dodel?="__x_--B0-- | a part has its name encoded
            --B0_D: form-data; name="%3d?utf-8?B?bW9kZWw=%3F="__x_--B0-- | a part has its name encoded
            --B0_D: form-data; name="a"_T: multipart/mixed; boundary=In__x_--B0-- | a part has parts of its own
            --B0_D: form-data; name="a"; filename="f"_T: Multipart/Form-Data;boundary=In__x_--B0-- | a part has parts of its own
            --B0_T:\t multipart/mixed_D: form-data; name="a"__x_--B0-- | a part has parts of its own
            --B0_D: form-data; name="a";;name="b"__x_--B0--  | a part has two of `name`
            --B0_D: form-data; name="a"; ; name="b"__x_--B0--  | a part has two of `name`
            --B0_D: form-data name="a";__x_--B0--            | a part needs one `D: form-data; name="..."`
            # the model
            --B0_D: form-data; name="model"__a_--B0_D: form-data; name="model"__a_--B0-- | it names its model twice
            --B0_D: form-data; name="model"; filename="x"__a_--B0-- | the model is sent as a file
            --B0_D: form-data; name="model"; filename*=utf-8''x__a_--B0-- | the model is sent as a file
            --B0_D: form-data; name="model"; filename=""__a_--B0-- | the model is sent as a file
            --B0_D: form-data; name="Model"__a_--B0--        | a part is named almost like `model`
            --B0_D: form-data; name="MODEL"__a_--B0--        | a part is named almost like `model`
            --B0_D: form-data; name=" model"__a_--B0--       | a part is named almost like `model`
            --B0_D: form-data; name="%6dodel"__a_--B0--      | a part is named almost like `model`
            --B0_D: form-data; name="model%00x"__a_--B0--    | a part is named almost like `model`
            --B0_D: form-data; name="mod\\\\el"__a_--B0--    | a part is named almost like `model`
            --B0_D: form-data; name="model[]"__a_--B0--      | a part is named almost like `model`
            --B0_D: form-data; name="model[0]"__a_--B0--     | a part is named almost like `model`
            --B0_D: form-data; name="model"_T: text/plain; charset=utf-16__a_--B0-- | the part `model` must be plain text in UTF-8
            --B0_D: form-data; name="model"_T: application/json__a_--B0-- | the part `model` must be plain text in UTF-8
            --B0_D: form-data; name="model"_Content-Transfer-Encoding: base64__a_--B0-- | the part `model` must be plain text in UTF-8
            --B0_D: form-data; name="model"___--B0--         | !the name of the model must be text in UTF-8, without control characters, and not empty!
            --B0_D: form-data; name="model"__\t_--B0--       | !the name of the model must be text in UTF-8, without control characters, and not empty!
            --B0_D: form-data; name="model"__\u00ff_--B0--   | !the name of the model must be text in UTF-8, without control characters, and not empty!
            --B0_D: form-data; name="model"__a_b_--B0--      | the name of the model has more than one line
            --B0_D: form-data; name="model"__a~b_--B0--      | the name of the model has more than one line
            --B0_D: form-data; name="model"__a^b_--B0--      | the name of the model has more than one line
            """)
    void refuses(String row, String fault) {
        String form = unfolded(row.replace("%5fCharset%5f", "@Charset@"))
                .replace("D:", "Content-Disposition:")
                .replace("D :", "Content-Disposition :")
                .replace("T:", "Content-Type:")
                .replace("@Charset@", "%5fCharset%5f");
        String expected = fault.replace("`D:", "`Content-Disposition:").replace("`%`", "`_charset_`");
        assertThat(FormCuts.everywhere(form).fault()).isEqualTo(expected);
    }

    @Test
    void boundsTheFieldsOfAPart() {
        String fields = "Content-Disposition: form-data; name=\"a\"\r\nX: ";
        int room = 8 * 1024 - fields.length() - 4;
        assertThat(fault("--B0\r\n" + fields + "y".repeat(room) + "\r\n\r\nx\r\n" + END))
                .isNull();
        assertThat(fault("--B0\r\n" + fields + "y".repeat(room + 1) + "\r\n\r\nx\r\n" + END))
                .isEqualTo("the header fields of a part are longer than 8192 bytes");
    }

    @Test
    void boundsTheNameOfTheModel() {
        assertThat(fault(MODEL.replace("whisper-1", "m".repeat(512)) + END)).isNull();
        assertThat(fault(MODEL.replace("whisper-1", "m".repeat(513)) + END))
                .isEqualTo("the name of the model is longer than 512 bytes");
    }

    /** A form is late by a byte, or it is not, wherever it is cut. */
    @Test
    void wantsTheModelWithinTheLimit() {
        String form = FILE + MODEL + END;
        int known = FILE.length() + MODEL.length() + "--B0".length();
        for (int cut = 0; cut <= known + 1; cut++) {
            assertThat(late(form, known, cut)).as("cut at " + cut).isFalse();
            assertThat(late(form, known - 1, cut)).as("cut at " + cut).isTrue();
            assertThat(late(form, FILE.length() - 3, cut)).as("cut at " + cut).isTrue();
        }
        String short1 = FILE + END;
        assertThat(late(short1, short1.length(), 0)).isFalse();
        assertThat(late(short1, short1.length() - 1, 0)).isTrue();
    }

    private static boolean late(String form, int within, int cut) {
        FormScanner scanner = new FormScanner(FormCuts.BOUNDARY, new FormScanner.Wanted(true, false, within));
        scanner.scan(Unpooled.copiedBuffer(form.substring(0, cut), ISO_8859_1));
        scanner.scan(Unpooled.copiedBuffer(form.substring(cut), ISO_8859_1));
        return scanner.late();
    }

    /** A value that begins like a delimiter counts as a whole. */
    @Test
    void keepsTheDashesOfAName() {
        assertThat(FormCuts.everywhere(MODEL.replace("whisper-1", "--B") + END)
                        .model()
                        .name())
                .isEqualTo("--B");
    }

    private static String fault(String form) {
        return FormCuts.at(Unpooled.copiedBuffer(form, ISO_8859_1)).fault();
    }
}
