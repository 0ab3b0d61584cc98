using System.Text.Json;

namespace FlowKit.Wire.Json;

/// <summary>A JSON body that is well-formed but not what it should be; <see cref="Field"/> says where.</summary>
public sealed class WireFormatException : JsonException
{
    /// <summary>Says what was found and expected at a field.</summary>
    /// <param name="field">For example <c>data[3].blob</c>.</param>
    /// <param name="message">What was wrong.</param>
    public WireFormatException(string field, string message)
        : base($"{field}: {message}") => Field = field;

    /// <summary>The field in which the mistake is, for example <c>data[3].blob</c>.</summary>
    public string Field { get; }
}
