package io.thyra.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thyra.model.GroupVersionKind;
import io.thyra.model.ObjectValue;
import io.thyra.schema.Schemas;
import io.thyra.schema.Struct;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MapConverterTest {
  private static Struct type(String group, String version, String kind) {
    return Schemas.builtin().findKind(new GroupVersionKind(group, version, kind)).orElseThrow();
  }

  private static ObjectValue decoded(String json, Struct type) {
    return MapConverter.decode(JsonReader.read(json.replace('\'', '"')), type).object();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '~',
      delimiter = '|',
      value = {
        "{'paused':1}|unrecognized type: bool",
        "{'replicas':1.5}|cannot convert float64 to int32",
        "{'replicas':'many'}|unrecognized type: int32",
        "{'template':{'spec':{'containers':'main'}}}|cannot restore slice from string",
        "{'template':{'spec':{'containers':{'name':'m'}}}}|cannot restore slice from map",
        "{'template':{'spec':{'containers':[{'image':1}]}}}|cannot convert int64 to string",
        "{'template':{'spec':{'containers':[{'imagePullPolicy':1}]}}}|cannot convert int64 to v1.PullPolicy",
        "{'template':{'spec':{'containers':[{'resources':{'limits':{'cpu':'x'}}}]}}}|quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
        "{'strategy':{'rollingUpdate':{'maxSurge':{}}}}|json: cannot unmarshal object into Go value of type int32",
        "{'template':{'metadata':{'creationTimestamp':[]}}}|json: cannot unmarshal array into Go value of type string",
        "'text'|cannot restore struct from: string",
        "['text']|cannot restore struct from: slice"
      })
  void refusesWrongTypesAsGoConverts(String spec, String complaint) {
    assertThatThrownBy(() -> decoded("{'spec':" + spec + "}", type("apps", "v1", "Deployment")))
        .isInstanceOf(DecodeException.class)
        .hasMessage(complaint);
  }

  @Test
  void saysWhereBytesWereNoBase64() {
    assertThatThrownBy(() -> decoded("{'data':{'a':'-1Gi'}}", type("", "v1", "Secret")))
        .hasMessage("error decoding from json: illegal base64 data at input byte 0");
  }

  @Test
  void takesWholeFloatsForIntegersAndCutsLongOnes() {
    Struct deployment = type("apps", "v1", "Deployment");
    assertThat(decoded("{'spec':{'replicas':3.0}}", deployment).object("spec").integer(0, "replicas")).isEqualTo(3);
    assertThat(decoded("{'spec':{'replicas':4294967297}}", deployment).object("spec").integer(0, "replicas")).isEqualTo(1);
    assertThat(decoded("{'spec':{'replicas':9223372036854775808}}", deployment).object("spec").integer(7, "replicas")).isZero();
  }

  @Test
  void tellsUnknownFieldsWithoutTheKeysOfMaps() {
    String json = "{'spec':{'devices':[{'capacity':{'memory':{'value':'1','bogus':2}}}]},'kind':'ResourceSlice','x':1}";
    assertThat(MapConverter.decode(JsonReader.read(json.replace('\'', '"')), type("resource.k8s.io", "v1", "ResourceSlice")).strictErrors())
        .containsExactly("unknown field \"spec.devices[0].capacity.bogus\"", "unknown field \"x\"");
  }

  @Test
  void quotesTimesAsTheirPackageDoes() {
    assertThatThrownBy(() -> decoded("{'metadata':{'creationTimestamp':'é'}}", type("", "v1", "Secret")))
        .hasMessage("parsing time \"\\xc3\\xa9\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"\\xc3\\xa9\" as \"2006\"");
  }
}
