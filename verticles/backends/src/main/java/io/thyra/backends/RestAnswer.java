package io.thyra.backends;

import io.thyra.codec.DecodeException;
import io.thyra.codec.JsonReader;
import io.thyra.codec.YamlReader;
import io.thyra.model.GoText;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// What a server answered, read as client-go reads it. Source: client-go rest/request.go, apimachinery pkg/api/errors/errors.go.
record RestAnswer(int code, String contentType, Buffer body) {
  private static final String TYPE_META =
      "struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" }";
  private static final int TOLD_BYTES_MAX = 2048;

  /// The object in the body.
  ///
  /// @throws DecodeException when the answer is an error, or no object
  ObjectValue object() {
    if (code < 200 || code > 206) {
      throw new DecodeException(refusal());
    }
    if (body.length() == 0) {
      throw new DecodeException("0-length response with status code: " + code + " and content type: " + contentType);
    }
    Value root;
    try {
      root = isJson() ? JsonReader.read(body.getBytes()) : YamlReader.read(body.getBytes()).root();
    } catch (DecodeException e) {
      throw new DecodeException("couldn't get version/kind; json parse error: " + e.text());
    }
    if (root instanceof ObjectValue object) {
      return object;
    }
    if (root instanceof NullValue) {
      return ObjectValue.EMPTY;
    }
    throw new DecodeException(
        "couldn't get version/kind; json parse error: json: cannot unmarshal " + root.jsonType() + " into Go value of type " + TYPE_META);
  }

  private boolean isJson() {
    return body.toString(StandardCharsets.UTF_8).stripLeading().startsWith("{");
  }

  private String refusal() {
    String text = body.toString(StandardCharsets.UTF_8);
    Optional<String> told = toldStatus(text);
    if (told.isPresent()) {
      return told.get();
    }
    boolean plain = contentType.isEmpty() || contentType.startsWith("text/");
    String message = plain ? text.substring(0, Math.min(text.length(), TOLD_BYTES_MAX)).strip() : "unknown";
    return switch (code) {
      case 400 -> "the server rejected our request for an unknown reason";
      case 401 -> "the server has asked for the client to provide credentials";
      case 403 -> message;
      case 404 -> "the server could not find the requested resource";
      case 405 -> "the server does not allow this method on the requested resource";
      case 406 -> "the server was unable to respond with a content type that the client supports";
      case 409 -> "the server reported a conflict";
      case 415 -> "the body of the request was in an unknown format";
      case 422 -> "the server rejected our request due to an error in our request";
      case 429 -> "the server has received too many requests and has asked us to try again later";
      case 503 -> "the server is currently unable to handle the request";
      case 504 -> "the server was unable to return a response in the time allotted, but may still be processing the request";
      default ->
          code >= 500
              ? "an error on the server (" + GoText.quote(message) + ") has prevented the request from succeeding"
              : "the server responded with the status code " + code + " but did not return more information";
    };
  }

  private static Optional<String> toldStatus(String text) {
    try {
      return YamlReader.read(text.getBytes(StandardCharsets.UTF_8)).root() instanceof ObjectValue status
              && status.string("kind").equals("Status")
              && status.string("apiVersion").equals("v1")
              && !status.string("status").equals("Success")
          ? Optional.of(status.string("message"))
          : Optional.empty();
    } catch (DecodeException _) {
      return Optional.empty();
    }
  }
}
