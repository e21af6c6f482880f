package io.thyra.machinery;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.model.FieldPath;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
  private static final FieldPath PATH = FieldPath.of("f");

  @ParameterizedTest
  @ValueSource(strings = {"a", "a-b", "1.2.3", "a.b-c.d0"})
  void acceptsSubdomains(String name) {
    assertThat(Names.dns1123Subdomain(name)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "A", "a_b", "-a", "a-", "a..b", ".a", "a b", "é"})
  void refusesOtherSubdomains(String name) {
    assertThat(Names.dns1123Subdomain(name))
        .containsExactly(
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start "
                + "and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
                + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')");
  }

  @Test
  void tellsDotsInLabelsApart() {
    assertThat(Names.dns1123Label("a.b")).containsExactly("must not contain dots");
    assertThat(Names.dns1123Label("a".repeat(64))).containsExactly("must be no more than 63 characters");
    assertThat(Names.dns1035Label("1a")).hasSize(1);
  }

  @Test
  void checksPrefixesWithTheirLastTwoLettersMasked() {
    assertThat(Names.DNS_LABEL.check("web-", true)).isEmpty();
    assertThat(Names.DNS_LABEL.check("web-", false)).hasSize(1);
  }

  @Test
  void checksOtherTexts() {
    assertThat(Names.pathSegmentName("..")).containsExactly("may not be '..'");
    assertThat(Names.pathSegmentName("a/%")).containsExactly("may not contain '/'", "may not contain '%'");
    assertThat(Words.portName("8080")).containsExactly("must contain at least one letter (a-z)");
    assertThat(Words.portNumber(0)).containsExactly("must be between 1 and 65535, inclusive");
    assertThat(Words.configMapKey("..x")).containsExactly("must not start with '..'");
    assertThat(Words.envVarName("1A")).hasSize(1);
    assertThat(Words.relaxedEnvVarName("1A b")).isEmpty();
    assertThat(Words.percent("12%")).isEmpty();
    assertThat(Words.domainPrefixedPath(PATH, "acme.io")).first().asString().contains("must be a domain-prefixed path");
  }

  @ParameterizedTest
  @CsvSource({"1.2.3.4,1.2.3.4", "01.2.3.4,1.2.3.4", "FE80:0:0:0:0:0:0:0abc,fe80::abc", "::ffff:1.2.3.4,1.2.3.4", "::,::"})
  void readsAddressesLeniently(String text, String canonical) {
    assertThat(IpAddresses.canonical(text)).contains(canonical);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1.2.3", "1.2.3.256", "1::2::3", "12345::", "1.2.3.4/8", "fe80::1%eth0", "1:2:3:4:5:6:7:8:9"})
  void refusesWhatIsNoAddress(String text) {
    assertThat(IpAddresses.isAddress(text)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10.0.0.1/8|must not have bits set beyond the prefix length",
        "10.0.0.0/08|must not have leading 0s in IP or prefix length",
        "::ffff:10.0.0.0/104|must not have an IPv4-mapped IPv6 address",
        "2001:DB8::/32|must be in canonical form (\"2001:db8::/32\")",
        "10.0.0.0/33|must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"
      })
  void refusesUnusualBlocks(String text, String complaint) {
    assertThat(IpAddresses.validateCidr(PATH, text)).singleElement().extracting("detail").isEqualTo(complaint);
  }

  @Test
  void warnsOfWhatLegacyFieldsAccept() {
    assertThat(IpAddresses.warnings(PATH, "01.2.3.4"))
        .containsExactly("f: non-standard IP address \"01.2.3.4\" is invalid: use \"1.2.3.4\"");
    assertThat(IpAddresses.cidrWarnings(PATH, "10.1.0.0/8"))
        .containsExactly(
            "f: CIDR value \"10.1.0.0/8\" is ambiguous in this context (should be \"10.0.0.0/8\" or \"10.1.0.0/32\"?)");
  }

  @Test
  void generatesNamesThatFitALabel() {
    var generator = new NameGenerator(new Random(1));
    assertThat(generator.generate("web-")).matches("web-[bcdfghjklmnpqrstvwxz2456789]{5}");
    assertThat(generator.generate("x".repeat(80))).hasSize(63);
  }

  @Test
  void sortsVersionsByMaturity() {
    var sorted =
        List.of("foo1", "v1", "v1alpha1", "v10", "v2beta1", "v11beta2", "v3", "foo10", "v12alpha1").stream()
            .sorted(Versions.PREFERRED_FIRST)
            .toList();
    assertThat(sorted)
        .containsExactly("v10", "v3", "v1", "v11beta2", "v2beta1", "v12alpha1", "v1alpha1", "foo1", "foo10");
  }
}
