namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>
/// Makes streams to one pod by port-forward. The stream always ends in the pod; the host is only the name to verify.
/// </summary>
internal sealed class PodDialer(ApiServer api, string inNamespace, string pod) : IDialer
{
    private static readonly string[] Protocols = ["v4.channel.k8s.io"];

    public async ValueTask<Stream> DialAsync(string host, int port, CancellationToken cancellationToken)
    {
        ChannelSocket? socket = null;
        try
        {
            var request = ApiRequest.PortForward(inNamespace, pod, port);
            socket = new ChannelSocket(
                await api.OpenAsync(request, Protocols, runsSomething: false, cancellationToken).ConfigureAwait(false)
            );
            return await ForwardedStream.StartAsync(socket, pod, port, cancellationToken).ConfigureAwait(false);
        }
        catch (EtcdException failed)
        {
            throw ApiDialFailures.From(failed, runsSomething: false);
        }
        catch
        {
            if (socket is not null)
                await socket.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
