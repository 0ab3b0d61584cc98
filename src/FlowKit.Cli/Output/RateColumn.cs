using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace FlowKit.Cli.Output;

/// <summary>The rate of what a bar counts; nothing below one a second.</summary>
internal sealed class RateColumn : ProgressColumn
{
    /// <inheritdoc/>
    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
        new Text(task.Speed is { } speed and >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{speed:0}/s") : "");
}
