package io.thyra.ingress;

import io.thyra.codec.JsonWriter;
import io.thyra.model.ObjectValue;
import io.thyra.model.Status;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Writes an error in the format that the client can read.
@FunctionalInterface
public interface StatusEncoder {
  /// The body and its content type.
  record Encoded(String contentType, Buffer body) {}

  /// What a client says about the form of answers.
  ///
  /// @param pretty the query parameter of that name, null when absent
  record Preference(String accept, String userAgent, @Nullable String pretty) {
    /// Whether JSON is indented: on demand, and for people who look at it in a browser or with curl.
    /// Source: apiserver pkg/endpoints/handlers/negotiation/negotiate.go.
    public boolean indented() {
      if (pretty != null) {
        return !pretty.equalsIgnoreCase("false") && !pretty.equals("0");
      }
      return userAgent.startsWith("curl") || userAgent.startsWith("Wget") || userAgent.startsWith("Mozilla/5.0");
    }
  }

  Encoded encode(Status status, Preference preference);

  /// JSON whatever the client accepts.
  StatusEncoder JSON =
      (status, preference) -> {
        ObjectValue value = status.toValue();
        if (preference.indented()) {
          return new Encoded("application/json", Buffer.buffer(JsonWriter.writePretty(value)));
        }
        byte[] compact = JsonWriter.write(value);
        byte[] line = Arrays.copyOf(compact, compact.length + 1);
        line[compact.length] = '\n';
        return new Encoded("application/json", Buffer.buffer(line));
      };
}
