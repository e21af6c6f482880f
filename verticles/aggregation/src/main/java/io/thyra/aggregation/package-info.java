/// Extension API servers behind this one: which APIServices there are, whether their servers answer, what they serve, and the
/// proxy that passes requests on to them. Start reading at [io.thyra.aggregation.AggregationVerticle].
@NullMarked
package io.thyra.aggregation;

import org.jspecify.annotations.NullMarked;
