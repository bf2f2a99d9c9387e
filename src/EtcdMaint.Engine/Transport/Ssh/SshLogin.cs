using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Transport.Ssh;

/// <summary>
/// Tries a login to a node again if a busy server refused it. sshd refuses simultaneous logins at random, for example
/// through one jump host (MaxStartups of sshd, 10:30:100 by default).
/// </summary>
internal static class SshLogin
{
    private const int Attempts = 5;

    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(300);

    /// <summary>
    /// The delay before a retry has a random part, so that the retries of several logins do not coincide.
    /// </summary>
    /// <exception cref="DialException">The login to the node failed.</exception>
    public static async Task<T> RetryAsync<T>(Func<Task<T>> logIn, CancellationToken over)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await logIn().ConfigureAwait(false);
            }
            catch (DialException busy) when (busy.Failure is CallFailure.SshServerHungUp && attempt < Attempts)
            {
                await Task.Delay(RetryInterval * (attempt + Random.Shared.NextDouble()), over).ConfigureAwait(false);
            }
        }
    }
}
