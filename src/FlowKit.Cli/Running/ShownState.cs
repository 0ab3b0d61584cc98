using System.Collections;
using FlowKit.Cli.Output;

namespace FlowKit.Cli.Running;

/// <summary>The state of a log entry as it may be shown.</summary>
/// <param name="message">The message, as it may be shown.</param>
/// <param name="values">The values in it, as they are.</param>
internal sealed class ShownState(string message, IReadOnlyList<KeyValuePair<string, object?>> values)
    : IReadOnlyList<KeyValuePair<string, object?>>
{
    public int Count => values.Count;

    public KeyValuePair<string, object?> this[int index] =>
        values[index] is { Value: { } value } pair && value is not (ValueType or IFormattable)
            ? KeyValuePair.Create(pair.Key, (object?)ShownText.Of(value.ToString() ?? ""))
            : values[index];

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (var index = 0; index < Count; index++)
        {
            yield return this[index];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => message;
}
