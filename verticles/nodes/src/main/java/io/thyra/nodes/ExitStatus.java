package io.thyra.nodes;

import io.thyra.codec.DecodeException;
import io.thyra.codec.JsonReader;
import io.thyra.model.Failure;
import io.thyra.model.GoText;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Status;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// How a process ended, as clients of a WebSocket are told.
/// Source: client-go tools/remotecommand v2.go and v4.go; apiserver pkg/util/proxy/streamtranslator.go.
final class ExitStatus {
  private static final int CODE_MAX = 255;
  private static final String PROTOCOL_ERROR = "error stream protocol error: ";
  static final ObjectValue SUCCESS = ObjectValue.builder().put("metadata", ObjectValue.EMPTY).put("status", "Success").build();

  private ExitStatus() {}

  /// What a kubelet said on the stream of errors.
  ///
  /// @param structured whether it speaks a protocol in which that is a Status
  static ObjectValue of(Buffer said, boolean structured) {
    if (said.length() == 0) {
      return SUCCESS;
    }
    String text = said.toString(StandardCharsets.UTF_8);
    if (!structured) {
      return internal("error executing remote command: " + text);
    }
    ObjectValue status;
    try {
      if (!(JsonReader.read(said.getBytes()) instanceof ObjectValue object)) {
        return internal(PROTOCOL_ERROR + "no Status in " + GoText.quote(text));
      }
      status = object;
    } catch (DecodeException e) {
      return internal(PROTOCOL_ERROR + e.text() + " in " + GoText.quote(text));
    }
    return switch (status.string("status")) {
      case "Success" -> SUCCESS;
      case "Failure" -> status.string("reason").equals("NonZeroExitCode") ? exited(status) : internal(status.string("message"));
      default -> internal(PROTOCOL_ERROR + "unknown error");
    };
  }

  private static ObjectValue exited(ObjectValue status) {
    if (!status.has("details")) {
      return internal(PROTOCOL_ERROR + "details must be set");
    }
    for (ObjectValue cause : status.list("details", "causes").objects()) {
      if (cause.string("reason").equals("ExitCode")) {
        String code = cause.string("message");
        if (!code.matches("[0-9]{1,9}") || Integer.parseInt(code) > CODE_MAX) {
          return internal(PROTOCOL_ERROR + "invalid exit code value " + GoText.quote(code));
        }
        return nonZero(Integer.parseInt(code));
      }
    }
    return internal(PROTOCOL_ERROR + "no ExitCode cause given");
  }

  private static ObjectValue nonZero(int code) {
    ObjectValue cause = ObjectValue.builder().put("reason", "ExitCode").put("message", Integer.toString(code)).build();
    return ObjectValue.builder()
        .put("metadata", ObjectValue.EMPTY)
        .put("status", "Failure")
        .put("message", "command terminated with non-zero exit code: command terminated with exit code " + code)
        .put("reason", "NonZeroExitCode")
        .put("details", ObjectValue.builder().put("causes", new ListValue(List.of(cause))).build())
        .build();
  }

  /// Trouble on the way to the process.
  static ObjectValue internal(String message) {
    return Status.of(new Failure.Internal(message)).toValue().without("kind").without("apiVersion");
  }

  /// What a kubelet answered that did not switch protocols.
  static ObjectValue refused(Buffer body) {
    try {
      if (JsonReader.read(body.getBytes()) instanceof ObjectValue status && status.string("kind").equals("Status")) {
        return status;
      }
    } catch (DecodeException _) {
      // Text, then.
    }
    return internal("unable to upgrade connection: " + body.toString(StandardCharsets.UTF_8).strip());
  }
}
