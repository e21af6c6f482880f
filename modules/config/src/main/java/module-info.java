/// Flags and files, parsed once into records.
module io.thyra.config {
  requires transitive io.thyra.model;
  requires static transitive org.jspecify;

  exports io.thyra.config;
}
