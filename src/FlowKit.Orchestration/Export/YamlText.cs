using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace FlowKit.Orchestration.Export;

/// <summary>
/// Writes JSON as the YAML that people read: blocks, and quotes only where a reader would take a text for something else.
/// </summary>
internal static partial class YamlText
{
    /// <summary>Writes documents, one after another.</summary>
    /// <param name="documents">The documents.</param>
    public static string Of(params IEnumerable<JsonNode> documents)
    {
        var text = new StringWriter { NewLine = "\n" };
        var emitter = new Emitter(text, new EmitterSettings(2, int.MaxValue, isCanonical: false, maxSimpleKeyLength: 1024));
        emitter.Emit(new StreamStart());
        var isFirst = true;
        foreach (var document in documents)
        {
            emitter.Emit(new DocumentStart(null, null, isImplicit: isFirst));
            Emit(emitter, document);
            emitter.Emit(new DocumentEnd(isImplicit: true));
            isFirst = false;
        }

        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    /// <summary>Makes a list of texts.</summary>
    public static JsonArray ListOf(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);

    private static void Emit(Emitter emitter, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject mapping:
                var style = mapping.Count > 0 ? MappingStyle.Block : MappingStyle.Flow;
                emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, style));
                foreach (var (key, value) in mapping)
                {
                    EmitText(emitter, key);
                    Emit(emitter, value);
                }

                emitter.Emit(new MappingEnd());
                break;
            case JsonArray list:
                var lines = list.Count > 0 ? SequenceStyle.Block : SequenceStyle.Flow;
                emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, lines));
                foreach (var item in list)
                {
                    Emit(emitter, item);
                }

                emitter.Emit(new SequenceEnd());
                break;
            case { } scalar when scalar.GetValueKind() == JsonValueKind.String:
                EmitText(emitter, (string)scalar!);
                break;
            default:
                emitter.Emit(new Scalar(node?.ToJsonString() ?? "null"));
                break;
        }
    }

    private static void EmitText(Emitter emitter, string text) => emitter.Emit(
        new Scalar(AnchorName.Empty, TagName.Empty, text, StyleOf(text), isPlainImplicit: true, isQuotedImplicit: true));

    private static ScalarStyle StyleOf(string text)
    {
        if (text.Contains('\n', StringComparison.Ordinal))
        {
            return ScalarStyle.Literal;
        }

        return PlainForm().IsMatch(text) && !WordForm().IsMatch(text) ? ScalarStyle.Plain : ScalarStyle.SingleQuoted;
    }

    /// <summary>Never a number, and without what YAML gives a meaning.</summary>
    [GeneratedRegex(@"\A(--)?[A-Za-z/][A-Za-z0-9_./-]*(:[A-Za-z0-9_./-]+)*\z")]
    private static partial Regex PlainForm();

    /// <summary>The words that readers of YAML 1.1 take for true, false or nothing.</summary>
    [GeneratedRegex(@"\A(y|n|yes|no|on|off|true|false|null)\z", RegexOptions.IgnoreCase)]
    private static partial Regex WordForm();
}
