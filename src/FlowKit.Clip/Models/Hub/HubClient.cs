using System.Net;
using System.Text.RegularExpressions;

namespace FlowKit.Clip.Models.Hub;

/// <summary>
/// Asks a hub for files, as Hugging Face serves them: <c>/{repo}/resolve/{revision}/{file}</c>, with the hash in a header.
/// </summary>
/// <param name="http">Follows no redirects by itself: the headers of the first answer count.</param>
/// <param name="hub">The hub's base address.</param>
/// <param name="takesClearText">Whether what comes is known beforehand, so that nobody on the way can change it unseen.</param>
internal sealed partial class HubClient(HttpClient http, Uri hub, bool takesClearText)
{
    private const int MaxRedirects = 8;

    /// <summary>Asks for a file's length and hash; <see langword="null"/> when the hub has no file of that name.</summary>
    /// <exception cref="FlowKitException">The hub refuses, or does not answer.</exception>
    internal async Task<HubFile?> FindAsync(ClipHubSource source, string revision, string file, CancellationToken cancellationToken)
    {
        var path = string.Join('/', file.Split('/').Select(Uri.EscapeDataString));
        var address = new Uri(
            $"{hub.AbsoluteUri.TrimEnd('/')}/{source.Repo}/resolve/{Uri.EscapeDataString(revision)}/{path}");
        using var answer = await SendAsync(new HttpRequestMessage(HttpMethod.Head, address), cancellationToken);
        if (answer.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        if (!answer.IsSuccessStatusCode && !IsRedirect(answer.StatusCode))
        {
            throw Refused(address, answer.StatusCode, file);
        }

        var tag = (Header(answer, "X-Linked-Etag") ?? answer.Headers.ETag?.Tag ?? "").Trim('"');
        var hash = Sha256().IsMatch(tag) ? tag.ToLowerInvariant() : null;
        return new HubFile(address, tag, LengthOf(answer), hash, Header(answer, "X-Repo-Commit"));
    }

    /// <summary>Returns the file's length; the body of a redirect is not the file.</summary>
    private static long? LengthOf(HttpResponseMessage answer)
    {
        if (long.TryParse(Header(answer, "X-Linked-Size"), out var linked))
        {
            return linked;
        }

        return IsRedirect(answer.StatusCode) ? null : answer.Content.Headers.ContentLength;
    }

    /// <summary>Asks for a file's bytes from one on, wherever the hub keeps them.</summary>
    /// <exception cref="FlowKitException">The hub refuses, or does not answer.</exception>
    internal async Task<HttpResponseMessage> GetAsync(HubFile file, long from, CancellationToken cancellationToken)
    {
        var address = file.Address;
        for (var hop = 0; ; hop++)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Range = from > 0 ? new System.Net.Http.Headers.RangeHeaderValue(from, null) : null;
            var answer = await SendAsync(request, cancellationToken);
            if (!IsRedirect(answer.StatusCode) || answer.Headers.Location is not { } next)
            {
                return answer;
            }

            answer.Dispose();
            address = hop < MaxRedirects
                ? new Uri(address, next)
                : throw new FlowKitException(
                    FlowErrorCode.Unavailable,
                    $"The hub sends {file.Address} from one address to the next without end.");
        }
    }

    internal static FlowKitException Refused(Uri address, HttpStatusCode status, string file) => status switch
    {
        HttpStatusCode.NotFound => new FlowKitException(FlowErrorCode.NotFound, $"The hub has no {file}: {address} answers 404."),
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new FlowKitException(
            FlowErrorCode.PermissionDenied,
            $"The hub answers {(int)status} to {address}: the repository is private, gated or not there."
            + " Download it by hand, and use it by its path."),
        _ => new FlowKitException(FlowErrorCode.Unavailable, $"The hub answers {(int)status} to {address}."),
    };

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using (request)
        {
            CheckTransport(request.RequestUri!);
            try
            {
                return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            }
            catch (HttpRequestException exception)
            {
                throw new FlowKitException(
                    FlowErrorCode.Unavailable,
                    $"The hub {hub} cannot be reached: {exception.Message}. Another one is named by --hub;"
                    + " a model that lies in a folder needs none.",
                    exception);
            }
        }
    }

    private void CheckTransport(Uri address)
    {
        if (address.Scheme != Uri.UriSchemeHttps && !(address.Scheme == Uri.UriSchemeHttp && (address.IsLoopback || takesClearText)))
        {
            throw new FlowKitException(
                FlowErrorCode.PermissionDenied,
                $"{address.GetLeftPart(UriPartial.Path)} is not asked: models come by https, or from this machine. A mirror in clear text is"
                + " taken for the files that a card pins, with --card.");
        }
    }

    private static bool IsRedirect(HttpStatusCode status) => (int)status is 301 or 302 or 303 or 307 or 308;

    private static string? Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? values.First() : null;

    [GeneratedRegex("^[0-9a-fA-F]{64}$")]
    private static partial Regex Sha256();
}
