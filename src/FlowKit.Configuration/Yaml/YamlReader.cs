using FlowKit.Configuration.Diagnostics;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace FlowKit.Configuration.Yaml;

/// <summary>
/// Builds nodes from YamlDotNet's events. The parser holds its own state on the heap and is asked for one event at a time,
/// so the limits stop a hostile file long before anything of its size is built.
/// </summary>
internal sealed class YamlReader
{
    private readonly string _text;
    private readonly string _file;
    private readonly ConfigDiagnostics _diagnostics;
    private readonly Parser _parser;
    private readonly YamlTags _tags;
    private readonly Dictionary<AnchorName, YamlNode?> _anchors = [];
    private int _nodes;
    private int _aliases;

    private YamlReader(string text, string file, ConfigDiagnostics diagnostics)
    {
        (_text, _file, _diagnostics) = (text, file, diagnostics);
        _parser = new Parser(new StringReader(text));
        _tags = new YamlTags(diagnostics);
    }

    /// <summary>Reads the one document of a text.</summary>
    /// <param name="text">The text, already checked by <see cref="YamlSource"/>.</param>
    /// <param name="file">Its name, for places.</param>
    /// <param name="diagnostics">Receives what does not stop the reading: duplicate keys and tags.</param>
    /// <exception cref="FlowConfigException">The text is not YAML, or is over a limit.</exception>
    public static YamlNode Read(string text, string file, ConfigDiagnostics diagnostics)
    {
        var reader = new YamlReader(text, file, diagnostics);
        try
        {
            return reader.ReadDocument();
        }
        catch (YamlException exception)
        {
            throw YamlSyntax.Explain(exception, reader._text, file);
        }
    }

    private YamlNode ReadDocument()
    {
        Next();
        if (Next() is StreamEnd)
        {
            return new YamlScalar(new SourcePlace(_file, 1, 1), "", ScalarForm.Plain);
        }

        Next();
        var root = ReadNode(1);
        Next();
        return Next() is StreamEnd
            ? root
            : throw ConfigDiagnostics.Fatal(Place(_parser.Current!), "a second document starts here; a file holds one flow");
    }

    private YamlNode ReadNode(int depth)
    {
        var start = _parser.Current!;
        if (depth > YamlLimits.Depth && start is MappingStart or SequenceStart)
        {
            throw TooDeep(start);
        }

        if (start is AnchorAlias alias)
        {
            return Follow(alias, depth);
        }

        // The parser lets some mappings end after a key, such as one that an alias on a line of its own follows.
        var anchor = start is NodeEvent node
            ? node.Anchor
            : throw ConfigDiagnostics.Fatal(Place(start), "a value is expected before this; a key is followed by ': ' and its value");
        if (!anchor.IsEmpty)
        {
            _anchors[anchor] = null;
        }

        Count(1, start);
        YamlNode result = start switch
        {
            MappingStart mapping => ReadMapping(mapping, depth),
            SequenceStart list => ReadSequence(list, depth),
            _ => ReadScalar((Scalar)start),
        };
        if (!anchor.IsEmpty)
        {
            _anchors[anchor] = result;
        }

        return result;
    }

    private YamlScalar ReadScalar(Scalar scalar) => new(Place(scalar), scalar.Value, _tags.FormOf(scalar, Place(scalar)));

    private YamlSequence ReadSequence(SequenceStart start, int depth)
    {
        _tags.CheckSequence(start, Place(start));
        var items = new List<YamlNode>();
        while (Next() is not SequenceEnd)
        {
            items.Add(ReadNode(depth + 1));
        }

        return new YamlSequence(Place(start), items);
    }

    private YamlMapping ReadMapping(MappingStart start, int depth)
    {
        _tags.CheckMapping(start, Place(start), isRoot: depth == 1);
        var entries = new MappingEntries(_diagnostics);
        while (Next() is not MappingEnd)
        {
            Count(1, _parser.Current!);
            var (key, place) = ReadKey();
            Next();
            var isMerge = key == MappingEntries.MergeKey && _parser.Current is not Scalar;
            var value = ReadNode(depth + 1);
            if (isMerge)
            {
                entries.Merge(value, place);
            }
            else
            {
                entries.Add(new YamlEntry(key, place, value));
            }
        }

        return new YamlMapping(Place(start), entries.ToList());
    }

    private (string Key, SourcePlace Place) ReadKey() => _parser.Current switch
    {
        Scalar { Value.Length: > 0 } scalar => (scalar.Value, Place(scalar)),
        AnchorAlias alias when Follow(alias, 1) is YamlScalar scalar => (scalar.Value, Place(alias)),
        var other => throw ConfigDiagnostics.Fatal(Place(other!), "a key is expected to be a word"),
    };

    private YamlNode Follow(AnchorAlias alias, int depth)
    {
        if (++_aliases > YamlLimits.Aliases)
        {
            throw ConfigDiagnostics.Fatal(Place(alias), $"more than {YamlLimits.Aliases} aliases");
        }

        if (!_anchors.TryGetValue(alias.Value, out var node))
        {
            throw ConfigDiagnostics.Fatal(Place(alias), $"the alias *{alias.Value} has no anchor &{alias.Value} before it");
        }

        if (node is null)
        {
            throw ConfigDiagnostics.Fatal(Place(alias), $"the alias *{alias.Value} contains itself");
        }

        if (depth + node.Height - 1 > YamlLimits.Depth)
        {
            throw TooDeep(alias);
        }

        Count(node.Size, alias);
        return node;
    }

    private void Count(int nodes, ParsingEvent place)
    {
        _nodes += nodes;
        if (_nodes > YamlLimits.Nodes)
        {
            throw ConfigDiagnostics.Fatal(Place(place), $"more than {YamlLimits.Nodes} values, aliases expanded");
        }
    }

    /// <summary>The next event. On some malformed texts the parser loses its own state and throws what it does not document.</summary>
    private ParsingEvent Next()
    {
        var last = _parser.Current;
        try
        {
            _parser.MoveNext();
        }
        catch (Exception exception)
            when (exception is InvalidOperationException or ArgumentException or IndexOutOfRangeException or FormatException
                or OverflowException or NullReferenceException)
        {
            throw ConfigDiagnostics.Fatal(last is null ? new SourcePlace(_file, 1, 1) : Place(last), "not valid YAML after this");
        }

        return _parser.Current!;
    }

    private FlowConfigException TooDeep(ParsingEvent start) =>
        ConfigDiagnostics.Fatal(Place(start), $"nested deeper than {YamlLimits.Depth} levels");

    private SourcePlace Place(ParsingEvent at) => new(_file, (int)at.Start.Line, (int)at.Start.Column);
}
