using System.Linq.Expressions;
using Record = System.Collections.Generic.Dictionary<string, object?>;

namespace FlowKit.VectorStores.VectorData;

/// <summary>The records that a filter holds for.</summary>
/// <param name="Filter">The filter; <see langword="null"/> for all of them.</param>
internal sealed record RecordSelection(Expression<Func<Record, bool>>? Filter);
