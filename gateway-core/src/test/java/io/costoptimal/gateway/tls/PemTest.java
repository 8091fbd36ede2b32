package io.costoptimal.gateway.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.costoptimal.gateway.testing.TestCertificates;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys in every form that OpenSSL writes, and certificates with what does not belong to them. */
@Timeout(60)
class PemTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "RSA, rsa -traditional, PKCS #1",
        "RSA, pkcs8 -topk8 -nocrypt, PKCS #8",
        "RSA, pkcs8 -topk8 -passout pass:secret, encrypted",
        "RSA, pkcs8 -topk8 -v2 aes-128-cbc -v2prf hmacWithSHA1 -passout pass:secret, encrypted in another way",
        "EC, ec, SEC 1",
        "EC, pkcs8 -topk8 -nocrypt, PKCS #8",
        "EC, pkcs8 -topk8 -passout pass:secret, encrypted",
    })
    void readsAKeyInEveryFormInWhichOpenSslWritesIt(String kind, String command, String form) throws Exception {
        Path original = folder.resolve("original.key");
        Path written = folder.resolve("written.key");
        openssl("genpkey -algorithm " + kind + (kind.equals("EC") ? " -pkeyopt ec_paramgen_curve:P-256" : "") + " -out "
                + original);
        openssl(command + " -in " + original + " -out " + written);

        PrivateKey key = Pem.privateKey(written, form.startsWith("encrypted") ? "secret" : null);

        assertThat(secret(key)).isEqualTo(secret(Pem.privateKey(original, null)));
        assertThat(key.getAlgorithm()).isEqualTo(kind);
    }

    @Test
    void saysWhyAKeyCannotBeDecrypted() throws Exception {
        Path key = folder.resolve("a.key");
        openssl("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -aes256 -pass pass:secret -out " + key);
        assertThatThrownBy(() -> Pem.privateKey(key, null))
                .isInstanceOf(TlsFileException.class)
                .hasMessage(key + ": the key is encrypted, and there is no key_password");
        assertThatThrownBy(() -> Pem.privateKey(key, "wrong"))
                .isInstanceOf(TlsFileException.class)
                .hasMessage(key + ": the key cannot be decrypted with key_password");
        assertThat(Pem.privateKey(key, "secret").getAlgorithm()).isEqualTo("EC");
    }

    @Test
    void refusesOpenSslsOldEncryptionAndSaysWhatToDo() throws Exception {
        Path key = folder.resolve("a.key");
        openssl("genrsa -aes128 -traditional -passout pass:secret -out " + key + " 2048");
        assertThatThrownBy(() -> Pem.privateKey(key, "secret"))
                .hasMessageContaining("OpenSSL's old form (expected: openssl pkcs8 -topk8)");
    }

    @Test
    void readsKeyAndCertificateFromOneFile() throws Exception {
        TestCertificates.write(folder, "a", new TestCertificates().issue("a.test"));
        Path all = folder.resolve("all.pem");
        Files.writeString(
                all,
                "a note before it\n" + Files.readString(folder.resolve("a.key"))
                        + Files.readString(folder.resolve("a.pem")).replace("\n", "\r\n"));
        assertThat(ServerCertificate.read(all, all, null).names()).containsExactly("a.test");
    }

    @Test
    void refusesAChainInAnotherOrder() throws Exception {
        TestCertificates.write(folder, "a", new TestCertificates().issue("a.test"));
        TestCertificates.write(folder, "b", new TestCertificates().issue("b.test"));
        Path chain = folder.resolve("chain.pem");
        Files.writeString(chain, Files.readString(folder.resolve("a.pem")) + Files.readString(folder.resolve("b.pem")));
        assertThatThrownBy(() -> ServerCertificate.read(chain, folder.resolve("a.key"), null))
                .isInstanceOf(TlsFileException.class)
                .hasMessageContaining("did not sign the one before");
    }

    @Test
    void aFolderIsNoFile() {
        assertThatThrownBy(() -> Pem.certificates(folder)).hasMessageStartingWith(folder + ": cannot be read");
    }

    /** The number that makes the key; around it, encodings differ. */
    private static BigInteger secret(PrivateKey key) {
        return key instanceof ECPrivateKey ec ? ec.getS() : ((RSAPrivateKey) key).getPrivateExponent();
    }

    private static void openssl(String arguments) throws Exception {
        String[] words = ("openssl " + arguments).split(" ");
        Process process;
        try {
            process = new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (java.io.IOException e) {
            assumeTrue(false, "there is no openssl here");
            return;
        }
        process.getOutputStream().close();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(arguments).isZero();
    }
}
