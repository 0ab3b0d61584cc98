using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Schema;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Gateway.Queue;

/// <summary>Reads <c>gateway.queue:</c>. The address is never shown, since a password stands in it.</summary>
/// <param name="diagnostics">Collects mistakes.</param>
internal sealed class QueueSection(ConfigDiagnostics diagnostics)
{
    private const string Path = "gateway.queue";
    private const string Expected = "expected RabbitMQ's address, amqp://user:password@host:5672 or amqps://…";

    /// <param name="section">The mapping; <see langword="null"/> when there is none.</param>
    public QueueConfig? Read(YamlMapping? section)
    {
        if (section is null)
        {
            return null;
        }

        var values = QueueKeys.Table.Read(section, Path, diagnostics);
        if (section.Find(QueueKeys.Name.Name) is null)
        {
            diagnostics.Add(
                section.Place,
                $"{Path}.{QueueKeys.Name.Name}",
                "expected the queue's name: another flow's requests must not come out of it");
        }

        return ReadUri(values, section.Place) is not { } uri
            ? null
            : new QueueConfig
            {
                Uri = uri,
                Name = values.Get(QueueKeys.Name),
                Endpoints = values.Has(QueueKeys.Endpoints)
                    ? ReadEndpoints(values.Get(QueueKeys.Endpoints))
                    : QueueConfig.Defaults.Endpoints,
                Prefetch = values.Get(QueueKeys.Prefetch),
                Attempts = values.Get(QueueKeys.Attempts),
                MaxLength = values.Has(QueueKeys.MaxLength) ? values.Get(QueueKeys.MaxLength) : null,
                Place = section.Place,
            };
    }

    private string? ReadUri(KeyValues values, SourcePlace place)
    {
        var key = $"{Path}.{QueueKeys.Uri.Name}";
        if (values.Get(QueueKeys.Uri) is not { } written)
        {
            // A value that could not be read has its own message.
            if (!values.Has(QueueKeys.Uri))
            {
                diagnostics.Add(place, key, Expected);
            }

            return null;
        }

        if (!Uri.TryCreate(written, UriKind.Absolute, out var uri) || uri.Scheme is not ("amqp" or "amqps") || uri.Host.Length == 0)
        {
            diagnostics.Add(values.PlaceOf(QueueKeys.Uri), key, Expected);
            return null;
        }

        // As it is written: a Uri's own parts are escaped in another way.
        var user = written[(written.IndexOf("//", StringComparison.Ordinal) + 2)..].Split('/', 2)[0];
        if (user.LastIndexOf('@') is > 0 and var end && user[..end].Split(':', 2) is [_, var password])
        {
            SecretValues.Add(password);
            SecretValues.Add(Uri.UnescapeDataString(password));
        }

        return written;
    }

    private string[] ReadEndpoints(IReadOnlyList<YamlScalar> endpoints)
    {
        foreach (var wrong in endpoints.Where(endpoint => endpoint.Value is not ['/', _, ..]))
        {
            diagnostics.Add(wrong.Place, $"{Path}.endpoints", $"expected an endpoint such as /index, not {wrong.Shown}");
        }

        return [.. endpoints.Select(endpoint => endpoint.Value).Distinct(StringComparer.Ordinal)];
    }
}
