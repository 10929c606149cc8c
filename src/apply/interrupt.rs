//! A request to interrupt a run: the current change is finished, and no other is started.

use tokio::sync::watch;

/// Asks for a stop; the signal handler owns it.
#[derive(Clone, Debug)]
pub struct InterruptSwitch(watch::Sender<bool>);

/// Tells whether a stop was asked for.
#[derive(Clone, Debug)]
pub struct Interrupt(watch::Receiver<bool>);

impl Interrupt {
    /// Makes a switch and its listener.
    #[must_use]
    pub fn pair() -> (InterruptSwitch, Self) {
        let (sender, receiver) = watch::channel(false);
        (InterruptSwitch(sender), Self(receiver))
    }

    /// Returns whether a stop was asked for.
    #[must_use]
    pub fn is_requested(&self) -> bool {
        *self.0.borrow()
    }

    /// Returns when a stop is asked for; never, if nobody can ask anymore.
    pub async fn requested(&self) {
        let mut receiver = self.0.clone();
        if receiver.wait_for(|requested| *requested).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

impl InterruptSwitch {
    /// Asks for a stop.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}
