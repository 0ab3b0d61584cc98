using FlowKit.Configuration.Diagnostics;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace FlowKit.Configuration.Yaml;

/// <summary>Allows YAML's own tags and, at the top, the old <c>!Flow</c>; a tag never picks a type to create.</summary>
internal sealed class YamlTags(ConfigDiagnostics diagnostics)
{
    private const string Core = "tag:yaml.org,2002:";

    public void CheckMapping(MappingStart start, SourcePlace place, bool isRoot) =>
        Check(start.Tag, place, isRoot && start.Tag is { IsEmpty: false, Value: "!Flow" }, "map");

    public void CheckSequence(SequenceStart start, SourcePlace place) => Check(start.Tag, place, false, "seq");

    public ScalarForm FormOf(Scalar scalar, SourcePlace place)
    {
        var form = scalar.Style is ScalarStyle.Plain ? ScalarForm.Plain : ScalarForm.Text;
        if (scalar.Tag.IsEmpty)
        {
            return form;
        }

        if (scalar.Tag.IsNonSpecific || scalar.Tag.Value is "!" or Core + "str")
        {
            return ScalarForm.Text;
        }

        Check(scalar.Tag, place, false, "int", "float", "bool", "null");
        return ScalarForm.Plain;
    }

    private void Check(TagName tag, SourcePlace place, bool allowed, params ReadOnlySpan<string> core)
    {
        if (
            allowed
                || tag.IsEmpty
                || tag.IsNonSpecific
                || (tag.Value.StartsWith(Core, StringComparison.Ordinal) && core.Contains(tag.Value[Core.Length..])))
        {
            return;
        }

        var shown = tag.Value.StartsWith(Core, StringComparison.Ordinal) ? "!!" + tag.Value[Core.Length..] : tag.Value;
        var hint = shown.StartsWith("!!", StringComparison.Ordinal)
            ? "write the value without it"
            : $"write 'jtype: {YamlScalar.Shorten(shown.TrimStart('!'))}' inside the mapping";
        diagnostics.Add(place, "", $"the tag {YamlScalar.Shorten(shown)} is not accepted; {hint}");
    }
}
