package io.thyra.extensions;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormatsTest {
  @ParameterizedTest
  @CsvSource({
    "uri,https://example.com/a,true", "uri,no uri,false", "uri,/path,true",
    "email,a@b.c,true", "email,Some One <a@b.c>,true", "email,a.b,false",
    "hostname,example.com,true", "hostname,-a,false",
    "ipv4,10.0.0.1,true", "ipv4,::1,false", "ipv6,::1,true", "cidr,10.0.0.0/8,true", "cidr,10.0.0.0/33,false",
    "mac,01:23:45:67:89:ab,true", "mac,01:23,false",
    "uuid4,a8098c1a-f86e-41da-bd1a-00112444be1e,true", "uuid4,a8098c1a-f86e-11da-bd1a-00112444be1e,false",
    "isbn10,0321751043,true", "isbn13,978-0321751041,true", "isbn,0321751044,false",
    "creditcard,4111 1111 1111 1111,true", "creditcard,4111 1111 1111 1112,false",
    "ssn,111-22-3333,true", "hexcolor,#FFF,true", "rgbcolor,'rgb(1,2,255)',true", "rgbcolor,'rgb(1,2,256)',false",
    "byte,YWJj,true", "byte,YWJ,false", "date,2024-02-29,true", "date,2023-02-29,false",
    "date-time,2024-01-01T10:00:00Z,true", "date-time,2024-01-01,false",
    "duration,1h30m,true", "duration,22 ns,true", "duration,soon,false",
    "k8s-short-name,a-b,true", "k8s-short-name,a.b,false", "k8s-long-name,a.b,true",
  })
  void tellsTextsOfAFormat(String format, String text, boolean matches) {
    assertThat(Formats.matches(format, text)).isEqualTo(matches);
  }

  @Test
  void tellsFormatsThatMeanNothing() {
    StructuralSchema schema =
        Json.schema("{'type':'object','properties':{'a':{'type':'string','format':'colour'},'b':{'type':'integer','format':'date'}}}");
    assertThat(Formats.unrecognized(schema)).containsExactly("colour", "date");
  }
}
