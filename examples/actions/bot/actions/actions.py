"""The custom action in Python."""
from rasa_sdk import Action


class ActionTellPage(Action):
    def name(self):
        return "action_tell_page"

    def run(self, dispatcher, tracker, domain):
        page = tracker.latest_message["metadata"].get("page")
        dispatcher.utter_message(text=f"You are looking at {page}")
        return []
