using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport.Processes;

namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>
/// Runs programs in a container through exec, by argument list. The exit code arrives on a separate channel. If a
/// stream ends without it, the state of the program is unknown and the program may be running. Source:
/// kubernetes/apimachinery, pkg/util/remotecommand/constants.go.
/// </summary>
internal sealed class PodCommandRunner(ApiServer api, string inNamespace, string pod, string container) : ICommandRunner
{
    private const string WithClose = "v5.channel.k8s.io";
    private const string WithoutClose = "v4.channel.k8s.io";

    private const byte Input = 0;
    private const byte Output = 1;
    private const byte Errors = 2;
    private const byte Status = 3;
    private const byte Close = 255;

    private const int InputPiece = 32 * 1024;

    private static readonly string[] Protocols = [WithClose, WithoutClose];

    public async Task<CommandOutput> RunAsync(
        string program,
        IReadOnlyList<string> arguments,
        ReadOnlyMemory<byte> input,
        CallBudget limit
    )
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(limit.Stop);
        limited.CancelAfter(limit.Timeout > TimeSpan.Zero ? limit.Timeout : TimeSpan.Zero);
        try
        {
            var request = ApiRequest.Exec(inNamespace, pod, container, [program, .. arguments], !input.IsEmpty);
            var socket = new ChannelSocket(
                await api.OpenAsync(request, Protocols, runsSomething: true, limited.Token).ConfigureAwait(false)
            );
            await using ConfiguredAsyncDisposable _ = socket.ConfigureAwait(false);
            if (!input.IsEmpty)
                await SendAsync(socket, input, limited.Token).ConfigureAwait(false);
            return await ReceiveAsync(socket, limited.Token).ConfigureAwait(false);
        }
        catch (EtcdException failed)
        {
            limit.Stop.ThrowIfCancellationRequested();
            throw ApiDialFailures.From(failed, runsSomething: true);
        }
        catch (Exception cause) when (cause is WebSocketException or IOException and not DialException)
        {
            limit.Stop.ThrowIfCancellationRequested();
            throw new DialException(
                CallFailure.ConnectionLost,
                $"the connection to the exec in pod {pod} broke; its command may still be running",
                cause
            );
        }
        catch (OperationCanceledException) when (!limit.Stop.IsCancellationRequested)
        {
            // This also applies if no response arrived, because the request may have reached the node.
            throw new DialException(CallFailure.TimedOut, $"{program} in pod {pod} did not end in time");
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static async Task SendAsync(
        ChannelSocket socket,
        ReadOnlyMemory<byte> input,
        CancellationToken cancellationToken
    )
    {
        for (int sent = 0; sent < input.Length; sent += InputPiece)
            await socket
                .SendAsync(Input, input.Slice(sent, Math.Min(InputPiece, input.Length - sent)), cancellationToken)
                .ConfigureAwait(false);

        // Before v5, the protocol cannot close the input. The program must detect the end of its input itself.
        if (socket.Protocol == WithClose)
            await socket.SendAsync(Close, new[] { Input }, cancellationToken).ConfigureAwait(false);
    }

    private async Task<CommandOutput> ReceiveAsync(ChannelSocket socket, CancellationToken cancellationToken)
    {
        var output = new MemoryStream();
        var errors = new MemoryStream();
        var status = new MemoryStream();
        while (await socket.ReceiveAsync(cancellationToken).ConfigureAwait(false) is { } data)
        {
            MemoryStream? channel = data.Channel switch
            {
                Output => output,
                Errors => errors,
                Status => status,
                _ => null,
            };
            if (channel is null)
                continue;
            int limit = data.Channel == Status ? SizeLimits.KubernetesStatus : SizeLimits.ProgramOutput;
            if (channel.Length + data.Bytes.Length > limit)
                throw new DialException(
                    CallFailure.ResponseTooLarge,
                    $"the exec in pod {pod} printed more than {ByteText.Of(limit)}"
                );
            channel.Write(data.Bytes.Span);
            if (data.Channel == Status && IsWhole(status))
                return new CommandOutput(ExecStatus.ReadExitCode(Bytes(status), pod), Text(output), Text(errors));
        }
        throw new DialException(
            CallFailure.ConnectionLost,
            $"the connection to the exec in pod {pod} broke; its command may still be running"
        );
    }

    /// <summary>Whether a status that arrived in parts is complete: it then ends with its last brace.</summary>
    private static bool IsWhole(MemoryStream status) =>
        Text(status).TrimEnd() is { } text && (!text.StartsWith('{') || text.EndsWith('}'));

    private static string Text(MemoryStream bytes) => Encoding.UTF8.GetString(Bytes(bytes));

    private static ReadOnlySpan<byte> Bytes(MemoryStream stream) => stream.GetBuffer().AsSpan(0, (int)stream.Length);
}
