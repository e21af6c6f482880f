package io.thyra.machinery;

import io.thyra.fuzz.Refusals;
import io.thyra.model.Query;
import java.nio.charset.StandardCharsets;

/// Query strings and the options of every verb within.
public final class QueryFuzz {
  private QueryFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    Query query = Query.ofRequest(new String(data, StandardCharsets.ISO_8859_1));
    Refusals.allow(() -> ListOptions.parse(query, FieldLabelConversion.METADATA, null));
    Refusals.allow(() -> ListOptions.parse(query, FieldLabelConversion.of("spec.x"), "name"));
    Refusals.allow(() -> GetOptions.parse(query));
    Refusals.allow(() -> DeleteOptions.parse(query));
    Refusals.allow(() -> WriteOptions.parseCreate(query));
    Refusals.allow(() -> WriteOptions.parseUpdate(query));
    Refusals.allow(() -> WriteOptions.parsePatch(query, true));
    Refusals.allow(() -> WriteOptions.parsePatch(query, false));
  }
}
