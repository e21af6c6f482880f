package io.thyra.machinery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thyra.model.GroupVersionKind;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldSelectorTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "metadata.name=a|metadata.name=a",
        "b==1,a!=2|a!=2,b=1",
        "a=x\\,y\\=z|a=x\\,y\\=z",
        ",a=,|a="
      })
  void printsTheCanonicalForm(String text, String printed) {
    assertThat(FieldSelector.parse(text)).hasToString(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "metadata.name in (a,b)|invalid selector: 'metadata.name in (a,b)'; can't understand 'b)'",
        "a=b=c|invalid field selector: unescaped character in value: 61",
        "a=\\x|invalid field selector: invalid escape sequence: \\x",
        "a=b\\|invalid field selector: invalid escape sequence: \\"
      })
  void complainsInUpstreamsWords(String text, String complaint) {
    assertThatThrownBy(() -> FieldSelector.parse(text)).hasMessage(complaint);
  }

  @Test
  void treatsAbsentFieldsAsEmpty() {
    var fields = Map.of("a", "1");
    assertThat(FieldSelector.parse("a=1,b=").matches(fields::get)).isTrue();
    assertThat(FieldSelector.parse("b!=").matches(fields::get)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|v1|ConfigMap|\"x\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"",
        "''|v1|Pod|field label not supported: x",
        "resource.k8s.io|v1|ResourceSlice|field label not supported for resource.k8s.io/v1, Kind=ResourceSlice: x",
        "batch|v1|Job|field label \"x\" not supported for Job"
      })
  void refusesUnknownLabelsInTheWordsOfTheKind(String group, String version, String kind, String complaint) {
    var conversion = FieldLabelConversion.builtin(new GroupVersionKind(group == null ? "" : group, version, kind));
    assertThatThrownBy(() -> FieldSelector.parse("x=1").convert(conversion)).hasMessage(complaint);
  }

  @Test
  void renamesLabelsOfOldClients() {
    var events = FieldLabelConversion.builtin(new GroupVersionKind("events.k8s.io", "v1", "Event"));
    assertThat(FieldSelector.parse("regarding.kind=Pod").convert(events)).hasToString("involvedObject.kind=Pod");
    assertThatThrownBy(() -> events.convert("involvedObject.kind"))
        .hasMessage("field label not supported: involvedObject.kind");
    var pods = FieldLabelConversion.builtin(new GroupVersionKind("", "v1", "Pod"));
    assertThat(pods.convert("spec.host")).isEqualTo("spec.nodeName");
  }
}
