namespace FlowKit.Configuration.Diagnostics;

/// <summary>Collects mistakes, so that all are told at once. Beyond <see cref="Shown"/> they are only counted.</summary>
internal sealed class ConfigDiagnostics
{
    public const int Shown = 100;

    private readonly List<ConfigError> _errors = [];
    private readonly List<ConfigError> _warnings = [];
    private int _more;

    /// <summary>Tells whether further mistakes are only counted, and so need no thoughtful message.</summary>
    public bool IsFull => _errors.Count >= Shown;

    /// <summary>The mistakes that are told, and the number of those that are not.</summary>
    public IReadOnlyList<ConfigError> Errors => _more == 0 ? _errors : [.. _errors, More()];

    /// <summary>The warnings: what is odd but not wrong.</summary>
    public IReadOnlyList<ConfigError> Warnings => _warnings;

    public static FlowConfigException Fatal(SourcePlace place, string message) => new([new ConfigError(place, "", message)]);

    public void Add(SourcePlace place, string key, string message)
    {
        if (IsFull)
        {
            _more++;
            return;
        }

        _errors.Add(new ConfigError(place, key, message));
    }

    /// <summary>Adds a warning, once for its place: a file may be read for several entries.</summary>
    public void Warn(SourcePlace place, string key, string message)
    {
        var warning = new ConfigError(place, key, message);
        if (_warnings.Count < Shown && !_warnings.Contains(warning))
        {
            _warnings.Add(warning);
        }
    }

    public void ThrowIfAny()
    {
        if (_errors.Count > 0)
        {
            throw new FlowConfigException(Errors);
        }
    }

    private ConfigError More()
    {
        var last = _errors.MaxBy(error => (error.Place.File, error.Place.Line, error.Place.Column))!;
        return new ConfigError(last.Place, "", $"{_more} more mistakes are not shown");
    }
}
