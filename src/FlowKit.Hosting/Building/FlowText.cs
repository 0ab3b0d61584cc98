using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlowKit.Configuration;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;
using FlowKit.Configuration.Flow;

namespace FlowKit.Hosting.Building;

/// <summary>
/// A flow written in C#, as the text that the reader of flow files takes, so that the same rules hold for both. Each executor has a line of
/// its own,
/// by which a mistake is told where the program adds that executor.
/// </summary>
internal sealed class FlowText
{
    private const string FileName = "flow";
    private const int FirstExecutor = 3;

    private static readonly JsonSerializerOptions s_write = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<SourcePlace> _places;
    private readonly string _text;

    /// <param name="top">The keys of the flow itself.</param>
    /// <param name="executors">Its executors, with the places in the program where they were added.</param>
    public FlowText(JsonObject top, IReadOnlyList<(JsonObject Entry, SourcePlace Place)> executors)
    {
        _places = [.. executors.Select(executor => executor.Place)];
        var text = new StringBuilder(top.ToJsonString(s_write)[..^1]).Append(",\n\"executors\": [\n");
        text.AppendJoin(",\n", executors.Select(executor => executor.Entry.ToJsonString(s_write)));
        _text = text.Append("\n]}\n").ToString();
    }

    /// <summary>Reads the flow.</summary>
    /// <exception cref="FlowConfigException">All mistakes at once.</exception>
    public FlowConfig Read(FlowReadOptions options)
    {
        try
        {
            var config = FlowConfigReader.ReadText(_text, FileName, options);
            return config with
            {
                Executors = [.. config.Executors.Select(Locate)],
                Warnings = [.. config.Warnings.Select(Locate)],
            };
        }
        catch (FlowConfigException exception)
        {
            throw new FlowConfigException(exception.Errors.Select(Locate));
        }
    }

    private ExecutorConfig Locate(ExecutorConfig executor) => executor with
    {
        Place = Locate(executor.Place),
        UsesPlace = Locate(executor.UsesPlace),
        UsesWithPlaces = executor.UsesWithPlaces.ToDictionary(pair => pair.Key, pair => Locate(pair.Value), StringComparer.Ordinal),
    };

    private ConfigError Locate(ConfigError error) => error with { Place = Locate(error.Place) };

    /// <summary>Places in files that the flow names stay as they are.</summary>
    private SourcePlace Locate(SourcePlace place)
    {
        if (place.File != FileName)
        {
            return place;
        }

        var index = place.Line - FirstExecutor;
        return index >= 0 && index < _places.Count ? _places[index] : new SourcePlace(FileName, 0, 0);
    }
}
