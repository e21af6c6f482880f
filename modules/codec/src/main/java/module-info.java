/// JSON, YAML and protobuf, content negotiation, and the forms in which objects and lists are answered.
module io.thyra.codec {
  requires transitive io.thyra.model;
  requires transitive io.thyra.schema;
  requires static transitive org.jspecify;
  requires org.snakeyaml.engine;

  exports io.thyra.codec;
}
