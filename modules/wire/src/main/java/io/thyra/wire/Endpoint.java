package io.thyra.wire;

/// An address of the event bus together with what is asked there and what is answered.
///
/// @param <Q> the request, a record that is passed by reference
/// @param <R> the answer
public record Endpoint<Q, R>(String address) {
  /// Where the resources of an API group are served; the core group is the empty string.
  public static Endpoint<ApiRequest, ApiResponse> group(String group) {
    return new Endpoint<>("thyra.group." + group);
  }

  /// Where watches are opened, whatever the group.
  public static Endpoint<ApiRequest, WatchStream> watch() {
    return new Endpoint<>("thyra.watch");
  }

  /// Where everything that is no resource is answered: discovery, OpenAPI, health, metrics, version.
  public static Endpoint<ApiRequest, ApiResponse> discovery() {
    return new Endpoint<>("thyra.discovery");
  }
}
