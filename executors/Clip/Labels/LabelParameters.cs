using System.Text.Json;

namespace FlowKit.Executors.Labels;

/// <summary>The options of a <see cref="ZeroShotClassifierExecutor"/> that a request may override.</summary>
internal sealed class LabelParameters : EncodeParameters
{
    /// <summary>Other labels than the executor's own: a list of texts.</summary>
    public JsonElement? Labels { get; set; }
}
