package io.thyra.codec;

import io.thyra.codec.Negotiation.Wishes;
import io.thyra.fuzz.Refusals;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Accept and Content-Type headers: an answer is found or refused, and an error can always be told.
public final class AcceptFuzz {
  private static final List<Endpoint> ENDPOINTS =
      List.of(Endpoint.OBJECT, Endpoint.LIST, Endpoint.CUSTOM, Endpoint.ACTION, Endpoint.DOCUMENT, Endpoint.ROUTED_DOCUMENT);

  private AcceptFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    String text = new String(data, StandardCharsets.ISO_8859_1);
    var wishes = new Wishes(text, null, "");
    Negotiation.error(wishes);
    Negotiation.isPretty(new Wishes("", text, text));
    for (Endpoint endpoint : ENDPOINTS) {
      Refusals.allow(() -> Negotiation.answer(wishes, endpoint));
      Refusals.allow(() -> Negotiation.stream(wishes, endpoint));
    }
    Refusals.allow(() -> Negotiation.body(text));
    Refusals.allow(() -> Negotiation.patch(text, false));
    Refusals.allow(() -> Negotiation.patch(text, true));
  }
}
