using System.Text.Json.Serialization;

namespace FlowKit.Executors.Storage;

/// <summary>The numbers of rows as JSON, in which one parameter of a statement takes any number of them.</summary>
[JsonSerializable(typeof(IReadOnlyCollection<int>))]
internal sealed partial class RowNumbersJson : JsonSerializerContext;
