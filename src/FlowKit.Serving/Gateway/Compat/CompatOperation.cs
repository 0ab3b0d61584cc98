using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace FlowKit.Serving.Gateway.Compat;

/// <summary>A route of another system.</summary>
/// <param name="Method">The method of HTTP.</param>
/// <param name="Path">The path.</param>
/// <param name="Summary">Its purpose, in a few words.</param>
/// <param name="Example">A body, as JSON; <see langword="null"/> where none is sent.</param>
/// <param name="AnswerAsync">Makes what is written, of the body; of nothing where none is sent.</param>
internal sealed record CompatOperation(
    string Method, string Path, string Summary, string? Example, Func<HttpContext, JsonElement, Task<Action<Utf8JsonWriter>>> AnswerAsync)
{
    /// <summary>The path as descriptions have it: <c>{*id}</c> is <c>{id}</c>.</summary>
    public string ShownPath => Path.Replace("{*", "{", StringComparison.Ordinal);
}
