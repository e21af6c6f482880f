package io.thyra.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thyra.model.ObjectValue;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProtobufTest {
  private static final String FULL = """
      {"kind":"Thing","apiVersion":"v1","metadata":{"name":"ä","created":"2024-01-02T03:04:05Z","grace":-1,"labels":{"b":"1","a":""}},
       "spec":{"replicas":0,"items":[{"name":"x","path":"","mode":7,"limits":{"cpu":"1"},"port":"http"},{"name":"","port":-1}],
        "data":{"k":"AQI=","n":null},"any":{"x":[1.5]},"args":["","b"],"at":"2024-01-02T03:04:05.000006Z","every":"-1m30s","weight":0.5},
       "status":{"ready":true}}""";

  @Test
  void readsBackWhatItWrites() {
    ObjectValue tree = Canonical.complete(JsonReader.read(FULL), Types.THING);
    byte[] bytes = ProtobufWriter.write(tree, Types.THING);
    ObjectValue back = ProtobufReader.read(ProtobufEnvelope.read(bytes), Types.THING);
    // A map value without bytes is written without them, and Go reads that as no bytes.
    assertThat(JsonWriter.write(back)).isEqualTo(JsonWriter.write(tree));
    assertThat(ProtobufWriter.write(back, Types.THING)).isEqualTo(bytes);
  }

  @Test
  void writesWhatGoHoldsByValueEvenWhenItIsEmpty() {
    ObjectValue tree = Canonical.complete(ObjectValue.EMPTY, Types.STATUS);
    assertThat(HexFormat.of().formatHex(ProtobufWriter.writeMessage(tree, Types.STATUS))).isEqualTo("0a001000");
  }

  @Test
  void envelopesWithTheType() {
    byte[] bytes = new ProtobufEnvelope("v1", "Thing", new byte[] {1, 2}, "", "").write();
    assertThat(HexFormat.of().formatHex(bytes)).isEqualTo("6b387300" + "0a0b" + "0a027631" + "12055468696e67" + "12020102" + "1a00" + "2200");
    ProtobufEnvelope back = ProtobufEnvelope.read(bytes);
    assertThat(back.kind()).isEqualTo("Thing");
    assertThat(back.raw()).containsExactly(1, 2);
  }

  @Test
  void passesOverUnknownFields() {
    assertThat(ProtobufReader.readMessage(HexFormat.of().parseHex("9a0602ffff0a01781001"), Types.STATUS)).hasToString("{phase=x, ready=true}");
  }

  @Test
  void refusesWhatIsBroken() {
    assertThatThrownBy(() -> read("0a05")).hasMessage("unexpected EOF");
    assertThatThrownBy(() -> read("0affffffffffffffffff01")).hasMessage("proto: negative length found during unmarshaling");
    assertThatThrownBy(() -> read("ffffffffffffffffffff01")).hasMessage("proto: integer overflow");
    assertThatThrownBy(() -> read("0801")).hasMessage("proto: wrong wireType = 0 for field Phase");
    assertThatThrownBy(() -> read("0c")).hasMessage("proto: ThingStatus: wiretype end group for non-group");
    assertThatThrownBy(() -> read("00")).hasMessage("proto: ThingStatus: illegal tag 0 (wire type 0)");
    assertThatThrownBy(() -> ProtobufEnvelope.read(new byte[0])).hasMessage("empty data");
    assertThatThrownBy(() -> ProtobufEnvelope.read(new byte[] {'{', '}'}))
        .hasMessage("provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
  }

  @Test
  void neverFailsOtherwiseOnNoise() {
    byte[] bytes = ProtobufWriter.writeMessage(Canonical.complete(JsonReader.read(FULL), Types.THING), Types.THING);
    Random random = new Random(42);
    for (int i = 0; i < 20_000; i++) {
      byte[] broken = bytes.clone();
      broken[random.nextInt(broken.length)] = (byte) random.nextInt();
      try {
        ProtobufReader.readMessage(broken, Types.THING);
      } catch (DecodeException expected) {
        assertThat(expected.text()).isNotEmpty();
      }
    }
  }

  private static void read(String hex) {
    ProtobufReader.readMessage(HexFormat.of().parseHex(hex), Types.STATUS);
  }
}
